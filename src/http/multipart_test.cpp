#include "http/multipart.h"

#include <gtest/gtest.h>

#include <random>

namespace clipseek::http {
namespace {

Request form(const std::string& body, const std::string& type = "multipart/form-data; boundary=XX") {
  Request request;
  request.headers.push_back({"content-type", type});
  request.body = body;
  return request;
}

int status_of(const Request& request) {
  try {
    parse_multipart(request);
    return 200;
  } catch (const StatusError& error) {
    return error.status();
  }
}

TEST(Multipart, GivesFieldsAndFiles) {
  Request request = form(
      "--XX\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\n2*beach\r\n"
      "--XX\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a \\\"b\\\"; c.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n\r\n\r\n--X\r\nbytes\r\n--XX--\r\n");
  std::vector<FormPart> parts = parse_multipart(request);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "q");
  EXPECT_FALSE(parts[0].is_file);
  EXPECT_EQ(parts[0].content, "2*beach");
  EXPECT_EQ(parts[1].name, "image");
  EXPECT_TRUE(parts[1].is_file);
  EXPECT_EQ(parts[1].file_name, "a \"b\"; c.jpg");
  EXPECT_EQ(parts[1].content, "\r\n--X\r\nbytes");
}

TEST(Multipart, TakesAQuotedBoundaryAPreambleAndNoParts) {
  EXPECT_TRUE(parse_multipart(form("--XX--\r\n")).empty());
  Request quoted = form("preamble\r\n--a b\r\nContent-Disposition: form-data; name=q\r\n\r\n\r\n--a b--",
                        "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"");
  std::vector<FormPart> parts = parse_multipart(quoted);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].name, "q");
  EXPECT_EQ(parts[0].content, "");
}

TEST(Multipart, RefusesOtherBodies) {
  EXPECT_EQ(status_of(form("{}", "application/json")), 415);
  EXPECT_EQ(status_of(form("", "multipart/form-data")), 400);
  EXPECT_EQ(status_of(form("", "multipart/form-data; boundary=" + std::string(71, 'x'))), 400);
  EXPECT_EQ(status_of(form("")), 400);
  EXPECT_EQ(status_of(form("--XX\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\nnever ends")), 400);
  EXPECT_EQ(status_of(form("--XX\r\n\r\nno name\r\n--XX--")), 400);
  EXPECT_EQ(status_of(form("--XX\r\n--XX\r\nContent-Disposition: form-data; name=q\r\n\r\nx\r\n--XX--")), 400);
  EXPECT_EQ(status_of(form("--XX\r\nContent-Disposition: form-data; name=\"\xFF\"\r\n\r\nx\r\n--XX--")), 400);
  std::string many;
  for (int i = 0; i < 33; ++i) many += "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
  EXPECT_EQ(status_of(form(many + "--XX--")), 400);
}

TEST(Multipart, SurvivesAnyBytes) {
  std::mt19937 generator(6);
  const std::string good =
      "--XX\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\nbytes\r\n--XX--\r\n";
  for (int round = 0; round < 20'000; ++round) {
    Request request = form(good);
    for (auto change = generator() % 6; change > 0; --change) {
      if (generator() % 2 == 0) request.body.erase(generator() % (request.body.size() + 1), generator() % 12);
      if (!request.body.empty()) request.body[generator() % request.body.size()] = static_cast<char>(generator());
    }
    status_of(request);
  }
}

}  // namespace
}  // namespace clipseek::http
