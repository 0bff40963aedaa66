#include "ros2/refusal.h"

#include <gtest/gtest.h>

namespace clipseek::ros2 {
namespace {

ParticipantOptions secured() {
  ParticipantOptions options;
  options.domain_id = 7;
  options.security["dds.sec.access.builtin.Access-Permissions.permissions"] =
      "file:///keys/enclaves/robot/eyes/permissions.p7s";
  return options;
}

bool has(const Error& error, const std::string& text) {
  return std::string(error.what()).find(text) != std::string::npos;
}

TEST(Refusal, WithoutSecurityItIsNotMentioned) {
  EXPECT_STREQ(endpoint_refused({}, true, "rt/chatter").what(), "DDS could not create a writer of rt/chatter");
  EXPECT_STREQ(endpoint_refused({}, false, "rt/chatter", "is /dev/shm full?").what(),
               "DDS could not create a reader of rt/chatter: is /dev/shm full?");
  EXPECT_FALSE(has(participant_refused({}), "ecurity"));
}

TEST(Refusal, NamesTheEnclaveAndTheLineToAdd) {
  const Error writer = endpoint_refused(secured(), true, "rt/chatter");
  EXPECT_EQ(writer.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(has(writer, "Security is on")) << writer.what();
  EXPECT_TRUE(has(writer, "enclave /robot/eyes ")) << writer.what();
  EXPECT_TRUE(has(writer, "domain 7")) << writer.what();
  EXPECT_TRUE(has(writer, "<topic>rt/chatter</topic> to <publish>")) << writer.what();
  EXPECT_TRUE(has(writer, "/keys/enclaves/robot/eyes/permissions.xml")) << writer.what();
  const Error reader = endpoint_refused(secured(), false, "rq/addRequest", "is /dev/shm full?");
  EXPECT_TRUE(has(reader, "<topic>rq/addRequest</topic> to <subscribe>")) << reader.what();
  EXPECT_TRUE(has(reader, "is /dev/shm full?")) << reader.what();
}

TEST(Refusal, OfAParticipantNamesTheDomain) {
  const Error error = participant_refused(secured());
  EXPECT_TRUE(has(error, "security is on")) << error.what();
  EXPECT_TRUE(has(error, "enclave /robot/eyes ")) << error.what();
  EXPECT_TRUE(has(error, "domain 7,")) << error.what();
}

}  // namespace
}  // namespace clipseek::ros2
