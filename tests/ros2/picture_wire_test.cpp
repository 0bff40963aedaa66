// Plain messages between processes: in shared memory, over the network, and from a sender with invalid messages.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <future>

#include "ros2/endpoint.h"
#include "ros2/msg/hbm_img_msgs.h"
#include "ros2/names.h"
#include "ros2/participant_impl.h"
#include "support.h"

namespace clipseek::ros2 {
namespace {

// The number of shared-memory segments that the participant of `writer` has.
std::size_t shared_segments(const Guid& writer) {
  std::string name = "fast_datasharing_";
  for (std::uint8_t byte : writer.participant()) {
    name += "0123456789abcdef"[byte >> 4];
    name += "0123456789abcdef"[byte & 15];
    name += '.';
  }
  name.back() = '_';
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
    if (entry.path().filename().string().starts_with(name)) ++count;
  }
  return count;
}

class PictureWire : public testing::Test {
 protected:
  PictureWire() {
    take_domain();
    tester_.emplace();
  }
  // The DDS reader of the topic "pictures"; a null pointer if there is none.
  dds::DataReader* dds_reader() const {
    return tester_->participant.impl()->subscriber()->lookup_datareader(dds_topic("/pictures"));
  }
  std::optional<Tester> tester_;
};

TEST_F(PictureWire, PicturesInSharedMemoryAreIntact) {
  Peer camera({"camera"});
  std::mutex mutex;
  std::condition_variable changed;
  std::int32_t newest = 0;
  bool intact = true;
  auto pictures = tester_->node.create_plain_subscription<HbmMsg480P>(
      "pictures",
      [&](const SharedMessage<HbmMsg480P>& picture) {
        auto value = static_cast<std::uint8_t>(picture->index);
        bool same = std::all_of(picture->data.begin(), picture->data.end(), [&](auto byte) { return byte == value; });
        std::lock_guard lock(mutex);
        intact = intact && same && picture.valid();
        newest = picture->index;
        changed.notify_all();
      },
      Qos{});
  camera.expect_line("ready");
  ASSERT_TRUE(wait_until([&] { return pictures.publishers() == 1; }, kLimit));
  // The camera may match this subscription later than this one matches the camera, so send until a picture arrives.
  std::int32_t sent = 0;
  auto send = [&] {
    camera.write_line("send");
    ++sent;
  };
  auto has = [&](std::int32_t index, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, timeout, [&] { return newest >= index; });
  };
  send();
  while (!has(1, std::chrono::seconds(1))) {
    ASSERT_LT(sent, 60);
    send();
  }
  ASSERT_TRUE(has(sent, kLimit));
  for (int i = 0; i < 40; ++i) {
    send();
    ASSERT_TRUE(has(sent, kLimit)) << i;
  }
  EXPECT_TRUE(intact);
  Guid writer;
  for (const RemoteEndpoint& endpoint : tester_->participant.endpoints()) {
    if (endpoint.is_writer && endpoint.topic == "rt/pictures") writer = endpoint.guid;
  }
  EXPECT_EQ(shared_segments(writer), 1U);
  camera.close_input();
  EXPECT_EQ(camera.wait(), 0);
  EXPECT_EQ(shared_segments(writer), 0U);
}

TEST_F(PictureWire, PeersWithoutDataSharingUseTheNetwork) {
  Peer camera({"camera"});
  camera.expect_line("ready");
  std::promise<Bytes> received;
  std::atomic<bool> done = false;
  TypeInfo network_only = type_info<HbmMsg480P>();
  network_only.plain_size = 0;
  Reader reader(tester_->participant.impl(), {dds_topic("/pictures"), network_only, Qos{}, {}}, [&](Received message) {
    if (!done.exchange(true)) received.set_value(std::move(message.bytes));
  });
  ASSERT_TRUE(wait_until([&] { return reader.matched().size() == 1; }, kLimit));
  auto bytes = received.get_future();
  for (int i = 0; i < 60 && !done; ++i) {
    camera.write_line("send");
    wait_until([&] { return done.load(); }, std::chrono::seconds(1));
  }
  ASSERT_EQ(bytes.wait_for(kLimit), std::future_status::ready);
  Bytes got = bytes.get();
  auto picture = std::make_unique<HbmMsg480P>();
  deserialize_into(got, *picture);
  camera.close_input();
  EXPECT_EQ(camera.wait(), 0);
  EXPECT_EQ(picture->data_size, HbmMsg480P::kMaxBytes);
  EXPECT_EQ(picture->data.back(), static_cast<std::uint8_t>(picture->index));
}

// A version of Fast DDS that cannot share memory with every other does not try to; the pictures come in another way.
TEST_F(PictureWire, AutomaticDataSharingReceivesFromACameraOfOurOwn) {
  Peer camera({"camera"});
  std::atomic<int> intact = 0;
  std::atomic<int> damaged = 0;
  Qos qos;
  qos.data_sharing = DataSharing::kAutomatic;
  auto pictures = tester_->node.create_plain_subscription<HbmMsg480P>(
      "pictures",
      [&](const SharedMessage<HbmMsg480P>& picture) {
        auto value = static_cast<std::uint8_t>(picture->index);
        bool same = std::all_of(picture->data.begin(), picture->data.end(), [&](auto byte) { return byte == value; });
        ++(same && picture.valid() ? intact : damaged);
      },
      qos);
  camera.expect_line("ready");
  for (int i = 0; i < 60 && intact < 3; ++i) {
    camera.write_line("send");
    wait_until([&] { return intact > i; }, std::chrono::seconds(1));
  }
  EXPECT_GE(intact, 3);
  EXPECT_EQ(damaged, 0);
  camera.close_input();
  EXPECT_EQ(camera.wait(), 0);
}

TEST_F(PictureWire, AShortMessageIsHarmless) {
  Peer viewer({"viewer"});
  viewer.expect_line("ready");
  TypeInfo type = type_info<HbmMsg480P>();
  type.plain_size = 0;  // sends serialized bytes, which may have any length
  Writer writer(tester_->participant.impl(), {dds_topic("/pictures"), type, Qos{}, {}});
  ASSERT_TRUE(wait_until([&] { return writer.matched().size() == 1; }, kLimit));
  Bytes whole = serialize(*std::make_unique<HbmMsg480P>());
  for (int i = 0; i < 20; ++i) {
    for (std::size_t size : {std::size_t{4}, std::size_t{12}, std::size_t{5000}}) {
      writer.write(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    }
    whole[4] = std::byte{77};  // the index
    writer.write(whole);
    writer.wait_acknowledged(std::chrono::seconds(1));
  }
  viewer.expect_line("picture 77 0");
  viewer.signal(SIGTERM);
  EXPECT_EQ(viewer.wait(), 0);
}

// A DDS thread may call a listener that another thread has just removed. The address sanitizer reports a call of a
// listener that no longer exists.
TEST_F(PictureWire, TheWarningAboutAutomaticDataSharingIsLoggedOnce) {
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) {
    auto subscription = tester_->node.create_plain_subscription<HbmMsg480P>(
        "pictures", [](const SharedMessage<HbmMsg480P>&) {}, Qos{.data_sharing = DataSharing::kAutomatic});
  }
  const std::string log = testing::internal::GetCapturedStderr();
  const std::string warning = "automatic data sharing is not used on rt/pictures";
  const std::size_t first = log.find(warning);
  EXPECT_EQ(first == std::string::npos, kSharesAutomatically) << log;
  EXPECT_EQ(log.rfind(warning), first) << log;
}

TEST_F(PictureWire, ALateCallbackIsHarmless) {
  auto publisher = tester_->node.create_plain_publisher<HbmMsg480P>("pictures");
  auto picture = [](const SharedMessage<HbmMsg480P>&) {};
  std::optional subscription(tester_->node.create_plain_subscription<HbmMsg480P>("pictures", picture, Qos{}));
  const dds::DataWriter* writer = tester_->participant.impl()->publisher()->lookup_datawriter(dds_topic("/pictures"));
  ASSERT_NE(writer, nullptr);
  EXPECT_EQ(writer->get_listener(), nullptr);  // so a writer has no callbacks that could be late
  dds::DataReader* reader = dds_reader();
  ASSERT_NE(reader, nullptr);
  auto* listener = const_cast<dds::DataReaderListener*>(reader->get_listener());
  ASSERT_NE(listener, nullptr);
  subscription.reset();
  listener->on_data_available(reader);
  listener->on_subscription_matched(reader, {});
  EXPECT_EQ(dds_reader(), nullptr);
}

TEST_F(PictureWire, APictureOutlivesItsSubscription) {
  std::weak_ptr<ParticipantImpl> participant = tester_->participant.impl();
  std::promise<SharedMessage<HbmMsg480P>> received;
  std::atomic<bool> done = false;
  auto publisher = tester_->node.create_plain_publisher<HbmMsg480P>("pictures");
  std::optional subscription(tester_->node.create_plain_subscription<HbmMsg480P>(
      "pictures",
      [&](const SharedMessage<HbmMsg480P>& picture) {
        if (!done.exchange(true)) received.set_value(picture);
      },
      Qos{}));
  ASSERT_TRUE(wait_until([&] { return publisher.subscribers() == 1 && subscription->publishers() == 1; }, kLimit));
  for (int i = 0; i < 60 && !done; ++i) {
    auto picture = publisher.loan();
    picture->data.fill(7);
    publisher.publish(std::move(picture));
    wait_until([&] { return done.load(); }, std::chrono::seconds(1));
  }
  auto future = received.get_future();
  ASSERT_EQ(future.wait_for(kLimit), std::future_status::ready);
  {
    SharedMessage<HbmMsg480P> picture = future.get();
    subscription.reset();
    EXPECT_NE(dds_reader(), nullptr);  // DDS keeps the picture's memory as long as the reader exists
    EXPECT_EQ(picture->data.back(), 7);
  }
  EXPECT_EQ(dds_reader(), nullptr);
  publisher = {};
  tester_.reset();
  EXPECT_TRUE(participant.expired());  // the listener that it kept did not own it
}

}  // namespace
}  // namespace clipseek::ros2
