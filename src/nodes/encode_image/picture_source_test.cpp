#include "nodes/encode_image/picture_source.h"

#include <gtest/gtest.h>

namespace clipseek::nodes {
namespace {

using Published = std::vector<ros2::PublishedTopic>;

const PictureTopic kShared{PictureSource::kHbm1080P, "/hbmem_img"};

TEST(SilenceMessage, NamesTheTopicsWithPublishersAndTheParametersThatSelectThem) {
  EXPECT_EQ(
      silence_message(kShared, {{"/image_raw", "sensor_msgs/msg/Image"}, {"/rosout", "rcl_interfaces/msg/Log"}}, 5),
      "no picture for 5 s on /hbmem_img (hbm_img_msgs/msg/HbmMsg1080P), which has no publisher of this type. "
      "Pictures are published on /image_raw (sensor_msgs/msg/Image): set is_shared_mem_sub:=0");
  EXPECT_EQ(
      silence_message(PictureTopic{PictureSource::kImage, "/image_raw"},
                      {{"/camera/image/compressed", "sensor_msgs/msg/CompressedImage"},
                       {"/hbmem_img", "hbm_img_msgs/msg/HbmMsg540P"},
                       {"/image_raw", "sensor_msgs/msg/Image"}},
                      5),
      "no picture for 5 s on /image_raw (sensor_msgs/msg/Image), which has a publisher. Pictures are published on "
      "/camera/image/compressed (sensor_msgs/msg/CompressedImage): set is_shared_mem_sub:=0 is_compressed_sub:=1 "
      "image_topic:=/camera/image; /hbmem_img (hbm_img_msgs/msg/HbmMsg540P): set is_shared_mem_sub:=1 "
      "shared_mem_type:=540P");
}

TEST(SilenceMessage, SaysThatThePublisherHasAnotherType) {
  EXPECT_EQ(
      silence_message(kShared, {{"/hbmem_img", "hbm_img_msgs/msg/HbmMsg480P"}}, 5),
      "no picture for 5 s on /hbmem_img (hbm_img_msgs/msg/HbmMsg1080P), which has no publisher of this type, but "
      "one of hbm_img_msgs/msg/HbmMsg480P. Pictures are published on /hbmem_img (hbm_img_msgs/msg/HbmMsg480P): set "
      "is_shared_mem_sub:=1 shared_mem_type:=480P");
}

TEST(SilenceMessage, LeavesOutCompressedTopicsThatCannotBeSelected) {
  EXPECT_EQ(silence_message(kShared, {{"/depth/compressedDepth", "sensor_msgs/msg/CompressedImage"}}, 5),
            "no picture for 5 s on /hbmem_img (hbm_img_msgs/msg/HbmMsg1080P), which has no publisher of this type. No "
            "other topic with pictures has a publisher.");
}

TEST(SilenceMessage, WithoutAnyPublisher) {
  EXPECT_EQ(silence_message(std::nullopt, {}, 5), "no picture for 5 s. No other topic with pictures has a publisher.");
}

TEST(SilenceMessage, IsBoundedAndHasNoControlCharacters) {
  Published many;
  for (int i = 0; i < 1000; ++i) many.push_back({"/a\n" + std::to_string(i), "sensor_msgs/msg/Image"});
  std::string line = silence_message(kShared, many, 5);
  EXPECT_LT(line.size(), 1100U);
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace clipseek::nodes
