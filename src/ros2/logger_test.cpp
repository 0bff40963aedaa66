#include "ros2/logger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace clipseek::ros2 {
namespace {

LogLine some_line() {
  return {Severity::kWarn, 1'700'000'000'123'456'789, "ns.node", "msg", "file.cpp", "run", 7};
}

TEST(LogFormat, MatchesRcutils) {
  EXPECT_EQ(format_log_line("[{severity}] [{time}] [{name}]: {message}", some_line()),
            "[WARN] [1700000000.123456789] [ns.node]: msg");
  EXPECT_EQ(format_log_line("{function_name}:{file_name}:{line_number} {time_as_nanoseconds}", some_line()),
            "run:file.cpp:7 1700000000123456789");
  EXPECT_EQ(format_log_line("{unknown} {", some_line()), "{unknown} {");
}

TEST(LogFormat, ShortTimesArePadded) {
  LogLine line = some_line();
  line.time_ns = 5;
  EXPECT_EQ(format_log_line("{time}", line), "0000000000.000000005");
}

class LogOutputTest : public testing::Test {
 protected:
  LogOutputTest() : folder_(std::filesystem::temp_directory_path() / ("clipseek_logger_" + std::to_string(getpid()))) {
    setenv("ROS_LOG_DIR", folder_.c_str(), 1);
  }
  ~LogOutputTest() override {
    unsetenv("ROS_LOG_DIR");
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_;
};

TEST_F(LogOutputTest, WritesTheSameLinesToAFile) {
  Arguments arguments;
  arguments.log_file_name = "demo";
  auto output = std::make_shared<LogOutput>(arguments);
  std::vector<std::string> published;
  Logger logger(output, "node", Severity::kInfo, [&](const LogLine& line) { published.emplace_back(line.message); });
  testing::internal::CaptureStderr();
  logger.debug("not shown");
  logger.warn("shown");
  std::string console = testing::internal::GetCapturedStderr();
  EXPECT_NE(console.find("] [node]: shown\n"), std::string::npos) << console;
  EXPECT_EQ(console.find("not shown"), std::string::npos);
  EXPECT_EQ(published, std::vector<std::string>{"shown"});
  std::filesystem::path file = output->file_path();
  EXPECT_EQ(file.parent_path(), folder_);
  EXPECT_EQ(file.filename().string().rfind("demo_" + std::to_string(getpid()) + "_", 0), 0U) << file;
  std::stringstream content;
  content << std::ifstream(file).rdbuf();
  EXPECT_EQ(content.str(), console);
}

TEST_F(LogOutputTest, FilesCanBeTurnedOff) {
  Arguments arguments;
  arguments.file_logs = false;
  arguments.console_logs = false;
  LogOutput output(arguments);
  output.write(some_line());
  EXPECT_EQ(output.file_path(), "");
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

}  // namespace
}  // namespace clipseek::ros2
