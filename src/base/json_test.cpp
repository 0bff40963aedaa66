#include "base/json.h"

#include <gtest/gtest.h>

#include "clipseek/error.h"

namespace clipseek::base {
namespace {

std::string error_of(std::string_view text) {
  try {
    Json::parse(text, "config.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    return error.what();
  }
  return "no error";
}

TEST(Json, ReadsAndWritesTheSameText) {
  std::string text = R"({"a":[1,-2.5,true,null,"x\n\u00e9"],"b":{}})";
  EXPECT_EQ(Json::parse(text, "t").dump(), "{\"a\":[1,-2.5,true,null,\"x\\n\xc3\xa9\"],\"b\":{}}");
}

TEST(Json, KeepsDuplicateMembersInOrder) {
  Json value = Json::parse(R"({"w":1,"w":2})", "t");
  ASSERT_EQ(value.as_object("t").size(), 2U);
  EXPECT_EQ(value.find("w")->as_integer("w"), 1);
}

TEST(Json, NamesTheFileAndByteOfASyntaxError) {
  EXPECT_EQ(error_of("{\"a\": }"), "config.json: invalid JSON at byte 7");
  EXPECT_NE(error_of(""), "no error");
  EXPECT_NE(error_of("{} {}"), "no error");
  EXPECT_NE(error_of("{\"a\": \"\xff\"}"), "no error");
}

TEST(Json, RefusesTooDeepNesting) {
  EXPECT_NE(error_of(std::string(100'000, '[')).find("nested deeper"), std::string::npos);
}

TEST(Json, TypeErrorsNameTheMember) {
  try {
    Json::parse("{\"size\":\"big\"}", "t").find("size")->as_integer("config.json: size");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "config.json: size is not a whole number");
  }
}

TEST(Json, WritesFloatsInTheirShortestForm) {
  EXPECT_EQ(to_json(std::vector<float>{0.1F, -1.0F, 1e-8F}).dump(), "[0.1,-1,1e-08]");
}

TEST(Json, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(Json("a\xff").dump(), "\"a\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace clipseek::base
