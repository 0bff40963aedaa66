// RemoteEncoder with servers that use a fake encoder: several participants in this process, on the loopback interface.
#include "nodes/manage/remote_encoder.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>

#include "../ros2/support.h"
#include "catalog/testing/fake_encoder.h"
#include "nodes/shared/feature_server.h"
#include "nodes/shared/model_parameters.h"

namespace clipseek::nodes {
namespace {

using ros2::kLimit;
using ros2::quiet_arguments;
using std::chrono::milliseconds;

// A fake encoder that uses a picture's name as its bytes, because there are no files.
class NameEncoder : public Encoder {
 public:
  explicit NameEncoder(std::string fingerprint = "fake-1") : fake(std::move(fingerprint)) {}
  const EncoderInfo& info() const override { return fake.info(); }
  void encode_images(const NextImage& next, const ImageDone& done, std::stop_token stop = {}) override {
    auto named = [&next] {
      std::optional<ImageInput> input = next();
      if (!input) return input;
      const auto* first = reinterpret_cast<const std::byte*>(input->path.data());
      input->bytes.assign(first, first + input->path.size());
      return input;
    };
    fake.encode_images(named, done, std::move(stop));
  }
  Embedding encode_text(std::string_view text, std::stop_token stop = {}) override {
    return fake.encode_text(text, std::move(stop));
  }

  catalog::FakeEncoder fake;
};

// An encoder node in a participant of its own.
struct Server {
  explicit Server(const std::string& action, Encoder& encoder)
      : node(participant, quiet_arguments(), "server_of_" + action),
        pictures((declare_model(node.parameters(), encoder.info()),
                  serve_pictures(node, action, encoder, encoder_mutex, false, goals))) {}

  ros2::Participant participant;
  FairMutex encoder_mutex;
  GoalMeter goals;
  ros2::Node node;
  ros2::ActionServer<GetFeatures> pictures;
};

using Results = std::multimap<std::string, ImageResult>;

struct OwnDomain {
  OwnDomain() { ros2::take_domain(); }
};

class RemoteEncoderTest : public testing::Test, private OwnDomain {  // takes the domain before tester_ joins it
 protected:
  FeatureClient& client(const std::string& action, milliseconds timeout = kLimit) {
    clients_.push_back(std::make_unique<FeatureClient>(tester_.node, action, timeout));
    return *clients_.back();
  }

  // The results of `encoder` for `names`, by name.
  static Results encode(Encoder& encoder, const std::vector<std::string>& names, std::stop_token stop = {}) {
    std::mutex mutex;
    std::size_t at = 0;
    Results results;
    encoder.encode_images(
        [&]() -> std::optional<ImageInput> {
          std::lock_guard lock(mutex);
          if (at == names.size()) return std::nullopt;
          ImageInput input{.id = at, .path = names[at], .bytes = {}};
          ++at;
          return input;
        },
        [&](ImageResult result) {
          std::lock_guard lock(mutex);
          std::string name = names.at(result.id);
          results.emplace(std::move(name), std::move(result));
        },
        std::move(stop));
    return results;
  }

  static std::vector<std::string> names(int count) {
    std::vector<std::string> list;
    for (int i = 0; i < count; ++i) list.push_back("picture " + std::to_string(i));
    return list;
  }

  static void expect_encoded(const Results& results, const std::string& name, const catalog::FakeEncoder& fake) {
    ASSERT_EQ(results.count(name), 1U) << name;
    const auto* image = std::get_if<EncodedImage>(&results.find(name)->second.outcome);
    ASSERT_NE(image, nullptr) << name << ": " << std::get<Error>(results.find(name)->second.outcome).what();
    EXPECT_EQ(image->embedding, fake.embed(name));
    EXPECT_EQ(image->width, 40);
    EXPECT_EQ(image->height, 30);
  }

  static ErrorCode error_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "no error";
    return ErrorCode::kInternal;
  }

  ros2::Tester tester_;
  std::vector<std::unique_ptr<FeatureClient>> clients_;
};

TEST_F(RemoteEncoderTest, EveryPictureGetsItsResult) {
  NameEncoder fake;
  Server server("pictures", fake);
  RemoteEncoder encoder({&client("pictures")}, nullptr, {.goal_size = 16}, tester_.node.logger());
  EXPECT_EQ(encoder.info().fingerprint, "fake-1");
  EXPECT_EQ(encoder.info().dimension, 8);
  std::vector<std::string> list = names(100);
  list.push_back("corrupt picture");
  list.push_back("picture 7");  // twice
  Results results = encode(encoder, list);
  ASSERT_EQ(results.size(), 102U);
  EXPECT_EQ(results.count("picture 7"), 2U);
  const auto* error = std::get_if<Error>(&results.find("corrupt picture")->second.outcome);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code(), ErrorCode::kCorrupt);
  EXPECT_STREQ(error->what(), "corrupt picture: bad on purpose");
  for (int i = 0; i < 100; ++i) {
    if (i != 7) expect_encoded(results, "picture " + std::to_string(i), fake.fake);
  }
}

TEST_F(RemoteEncoderTest, EncodesSentences) {
  NameEncoder fake;
  ros2::Participant participant;
  ros2::Node node(participant, quiet_arguments(), "texts");
  declare_model(node.parameters(), fake.info());
  GoalMeter goals;
  auto server = serve_texts(node, "texts", fake, goals);
  RemoteEncoder encoder({}, &client("texts"), {}, tester_.node.logger());
  EXPECT_EQ(encoder.encode_text("a dog"), fake.fake.embed("a dog"));
  EXPECT_EQ(encoder.encode_text(""), fake.fake.embed(""));
  GoalStatus counted = goals.status(std::chrono::steady_clock::now());
  EXPECT_EQ(counted.received, 2U);
  EXPECT_EQ(counted.items, 2U);
  EXPECT_EQ(counted.failed, 0U);
}

// An action server whose goals run until they are stopped.
ros2::ActionServer<GetFeatures> serve_until_stopped(ros2::Node& node, std::promise<void>& running) {
  ros2::ActionCallbacks<GetFeatures> callbacks;
  callbacks.execute = [&running](const ros2::GoalHandle<GetFeatures>& goal) {
    running.set_value();
    std::promise<void> stopped;
    std::stop_callback on_stop(goal.stop_token(), [&stopped] { stopped.set_value(); });
    stopped.get_future().wait();
  };
  return node.create_action_server<GetFeatures>("texts", std::move(callbacks));
}

TEST_F(RemoteEncoderTest, ASentenceIsSentAgainWhenItsServerStops) {
  NameEncoder fake;
  ros2::Participant participant;
  ros2::Node node(participant, quiet_arguments(), "texts");
  declare_model(node.parameters(), fake.info());
  std::promise<void> running;
  auto ending = serve_until_stopped(node, running);
  RemoteEncoder encoder({}, &client("texts"), {}, tester_.node.logger());
  auto embedding = std::async(std::launch::async, [&] { return encoder.encode_text("a dog"); });
  ASSERT_EQ(running.get_future().wait_for(kLimit), std::future_status::ready);
  ending = {};
  GoalMeter goals;
  auto server = serve_texts(node, "texts", fake, goals);
  EXPECT_EQ(embedding.get(), fake.fake.embed("a dog"));
}

TEST_F(RemoteEncoderTest, ServersShareTheWork) {
  NameEncoder first;
  NameEncoder second;
  // Each server waits until the other one has begun.
  std::latch begun(2);
  auto wait_for_both = [&begun] {
    return [&begun, once = std::make_shared<std::once_flag>()](const ImageInput&) {
      std::call_once(*once, [&begun] { begun.arrive_and_wait(); });
    };
  };
  first.fake.on_encode = wait_for_both();
  second.fake.on_encode = wait_for_both();
  Server one("one", first);
  Server two("two", second);
  FeatureClient& to_one = client("one");
  FeatureClient& to_two = client("two");
  to_one.wait_for_server({});
  to_two.wait_for_server({});
  RemoteEncoder encoder({&to_one, &to_two}, nullptr, {.goal_size = 8}, tester_.node.logger());
  EXPECT_EQ(encode(encoder, names(200)).size(), 200U);
  std::vector<std::string> done_by_one = first.fake.take_paths();
  std::vector<std::string> done_by_two = second.fake.take_paths();
  EXPECT_FALSE(done_by_one.empty());
  EXPECT_FALSE(done_by_two.empty());
  EXPECT_EQ(done_by_one.size() + done_by_two.size(), 200U);
}

TEST_F(RemoteEncoderTest, AServerWithAnotherModelGetsNoPictures) {
  NameEncoder ours;
  NameEncoder other("fake-2");
  Server one("one", ours);
  FeatureClient& to_one = client("one");
  to_one.wait_for_server({});
  RemoteEncoder encoder({&to_one, &client("two")}, nullptr, {.goal_size = 4}, tester_.node.logger());
  Server two("two", other);
  clients_[1]->wait_for_server({});
  EXPECT_EQ(encode(encoder, names(40)).size(), 40U);
  EXPECT_TRUE(other.fake.take_paths().empty());
}

TEST_F(RemoteEncoderTest, PicturesOfALostGoalAreEncodedByTheNextServer) {
  NameEncoder fake;
  std::promise<void> encoding;
  std::atomic<int> count = 0;
  fake.fake.on_encode = [&](const ImageInput&) {
    if (++count == 20) encoding.set_value();
  };
  fake.fake.delay = milliseconds(5);
  auto server = std::make_unique<Server>("pictures", fake);
  RemoteEncoder encoder({&client("pictures")}, nullptr, {.goal_size = 50, .timeout = kLimit}, tester_.node.logger());
  auto results = std::async(std::launch::async, [&] { return encode(encoder, names(100)); });
  ASSERT_EQ(encoding.get_future().wait_for(kLimit), std::future_status::ready);
  server.reset();
  server = std::make_unique<Server>("pictures", fake);
  Results got = results.get();
  EXPECT_EQ(got.size(), 100U);
  for (const std::string& name : names(100)) expect_encoded(got, name, fake.fake);
}

TEST_F(RemoteEncoderTest, APictureThatAbortsItsGoalsIsReported) {
  NameEncoder fake;
  Server server("pictures", fake);
  RemoteEncoder encoder({&client("pictures")}, nullptr, {.goal_size = 10, .timeout = kLimit}, tester_.node.logger());
  std::vector<std::string> list = names(9);
  list.insert(list.begin() + 4, "throw");
  Results results = encode(encoder, list);
  ASSERT_EQ(results.size(), 10U);
  const auto* error = std::get_if<Error>(&results.find("throw")->second.outcome);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code(), ErrorCode::kUnavailable);
  for (const std::string& name : names(9)) expect_encoded(results, name, fake.fake);
}

// A server rejects goals while it stops.
TEST_F(RemoteEncoderTest, ARejectedGoalIsNotALossOfItsPictures) {
  NameEncoder fake;
  ros2::Participant participant;
  ros2::Node node(participant, quiet_arguments(), "pictures");
  declare_model(node.parameters(), fake.info());
  std::atomic<int> goals = 0;
  ros2::ActionCallbacks<GetFeatures> callbacks;
  callbacks.accept = [&goals](const GetFeatures::Goal&) { return ++goals > 3; };
  callbacks.execute = [&fake](ros2::GoalHandle<GetFeatures> goal) {
    for (const std::string& url : goal.goal().urls) {
      goal.publish_feedback({1, picture_item(url, {fake.fake.embed(url), 40, 30}, fake.info())});
    }
    goal.succeed({true, 0});
  };
  auto server = node.create_action_server<GetFeatures>("pictures", std::move(callbacks));
  RemoteEncoder encoder({&client("pictures")}, nullptr, {}, tester_.node.logger());
  expect_encoded(encode(encoder, {"picture"}), "picture", fake.fake);
}

TEST_F(RemoteEncoderTest, AMissingServerIsAnErrorAfterTheTimeout) {
  FeatureClient& missing = client("no_server", milliseconds(300));
  EXPECT_EQ(error_of([&] { RemoteEncoder({&missing}, nullptr, {}, tester_.node.logger()); }), ErrorCode::kUnavailable);
  NameEncoder fake;
  auto server = std::make_unique<Server>("pictures", fake);
  RemoteEncoder encoder({&client("pictures")}, nullptr, {.timeout = milliseconds(300)}, tester_.node.logger());
  server.reset();
  EXPECT_EQ(error_of([&] { encode(encoder, names(3)); }), ErrorCode::kUnavailable);
}

TEST_F(RemoteEncoderTest, AStopEndsTheCallAndTheServersWork) {
  NameEncoder fake;
  std::promise<void> encoding;
  std::once_flag once;
  fake.fake.on_encode = [&](const ImageInput&) { std::call_once(once, [&] { encoding.set_value(); }); };
  fake.fake.delay = milliseconds(10);
  Server server("pictures", fake);
  std::stop_source stop;
  RemoteEncoder encoder({&client("pictures")}, nullptr, {}, tester_.node.logger());
  auto code = std::async(std::launch::async,
                         [&] { return error_of([&] { encode(encoder, names(100'000), stop.get_token()); }); });
  ASSERT_EQ(encoding.get_future().wait_for(kLimit), std::future_status::ready);
  stop.request_stop();
  EXPECT_EQ(code.get(), ErrorCode::kCancelled);
  EXPECT_LT(fake.fake.take_paths().size(), 100'000U);
}

TEST_F(RemoteEncoderTest, PixelsAreRefused) {
  NameEncoder fake;
  Server server("pictures", fake);
  RemoteEncoder encoder({&client("pictures")}, nullptr, {}, tester_.node.logger());
  EXPECT_EQ(error_of([&] { encoder.encode_image({.path = "pixels", .bytes = {}, .picture = Picture{}}); }),
            ErrorCode::kUnsupported);
}

TEST_F(RemoteEncoderTest, AGoalOfTheWrongTypeIsRejected) {
  NameEncoder fake;
  Server server("pictures", fake);
  FeatureClient& to_pictures = client("pictures");
  to_pictures.wait_for_server({});
  EXPECT_EQ(error_of([&] {
              to_pictures.get_features({false, {}, {"a dog"}}, [](ClipItem) {}, {});
            }),
            ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace clipseek::nodes
