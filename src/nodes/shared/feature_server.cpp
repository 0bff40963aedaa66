#include "nodes/shared/feature_server.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "nodes/shared/data_url.h"
#include "nodes/shared/item_extra.h"
#include "nodes/shared/log_text.h"

namespace clipseek::nodes {
namespace {

using Goal = ros2::GoalHandle<GetFeatures>;

// The number of pictures of one goal that are encoded before another goal, or a picture of a topic, gets the encoder.
constexpr std::size_t kPicturesPerTurn = 64;

// The maximum length of an error in the log: its message may contain a whole data URL.
constexpr std::size_t kMaxLogText = 400;

GetFeatures::Result failure(ErrorCode code) {
  return {false, error_info(code).ros_error_code};
}

GetFeatures::Result default_result(bool stopped) {
  return failure(stopped ? ErrorCode::kCancelled : ErrorCode::kInternal);
}

// Publishes the items of a goal in the goal's order, although they may be finished in another order. Thread-safe.
class OrderedFeedback {
 public:
  OrderedFeedback(Goal& goal, std::size_t count, GoalMeter& meter) : goal_(goal), meter_(meter), items_(count) {}

  void put(std::size_t index, ClipItem item) {
    std::lock_guard lock(mutex_);
    const std::optional<Error> error = item_error(item);
    meter_.add_item(error);
    if (error && !first_error_) first_error_ = error->code();
    items_.at(index) = std::move(item);
    for (; published_ < items_.size() && items_[published_]; ++published_) {
      float progress = static_cast<float>(published_ + 1) / static_cast<float>(items_.size());
      goal_.publish_feedback({progress, *std::exchange(items_[published_], std::nullopt)});
    }
  }
  // If items could not be encoded, the goal succeeds all the same, with `success` false and the error code of the first
  // such item.
  GetFeatures::Result result() const { return first_error_ ? failure(*first_error_) : GetFeatures::Result{true, 0}; }

 private:
  Goal& goal_;
  GoalMeter& meter_;
  std::mutex mutex_;
  std::vector<std::optional<ClipItem>> items_;
  std::size_t published_ = 0;
  std::optional<ErrorCode> first_error_;
};

ClipItem failed_item(ClipItem item, const Error& error) {
  add_error(item, error);
  return item;
}

class PictureServer {
 public:
  PictureServer(Encoder& encoder, FairMutex& encoder_mutex, std::size_t pictures_per_turn, GoalMeter& meter,
                ros2::Logger& logger)
      : encoder_(encoder),
        encoder_mutex_(encoder_mutex),
        pictures_per_turn_(pictures_per_turn),
        meter_(meter),
        logger_(logger) {}

  void execute(Goal goal) {
    logger_.warn("Executing goal");
    GoalMeter::Active active(meter_);
    const std::vector<std::string>& urls = goal.goal().urls;
    OrderedFeedback feedback(goal, urls.size(), meter_);
    try {
      for (std::size_t first = 0; first < urls.size(); first += pictures_per_turn_) {
        if (goal.stop_token().stop_requested()) break;
        std::lock_guard lock(encoder_mutex_);
        encode(goal, first, std::min(urls.size(), first + pictures_per_turn_), feedback);
      }
    } catch (const Error& error) {
      logger_.error(sanitized(error.what(), kMaxLogText));
      meter_.add_error(error);
      return goal.fail(failure(error.code()));
    }
    if (goal.stop_token().stop_requested()) return goal.canceled(failure(ErrorCode::kCancelled));
    GetFeatures::Result result = feedback.result();
    goal.succeed(result);
    logger_.warn("Goal complete, task_result: " + std::to_string(result.success ? 1 : 0));
  }

 private:
  void encode(Goal& goal, std::size_t first, std::size_t last, OrderedFeedback& feedback) {
    const std::vector<std::string>& urls = goal.goal().urls;
    std::mutex mutex;
    std::size_t at = first;
    auto next = [&]() -> std::optional<ImageInput> {
      for (;;) {
        std::unique_lock lock(mutex);
        if (at == last || goal.stop_token().stop_requested()) return std::nullopt;
        std::size_t index = at++;
        lock.unlock();
        try {
          ImageInput input = picture_input(urls[index]);
          input.id = index;
          return input;
        } catch (const Error& error) {
          feedback.put(index, failed_item({.type = true, .url = urls[index]}, error));
        }
      }
    };
    auto done = [&](ImageResult result) {
      const std::string& url = urls.at(result.id);
      if (const auto* error = std::get_if<Error>(&result.outcome)) {
        logger_.warn(sanitized(error->what(), kMaxLogText));
        feedback.put(result.id, failed_item({.type = true, .url = url}, *error));
      } else {
        feedback.put(result.id, picture_item(url, std::get<EncodedImage>(std::move(result.outcome)), encoder_.info()));
      }
    };
    encoder_.encode_images(next, done);
  }

  Encoder& encoder_;
  FairMutex& encoder_mutex_;
  std::size_t pictures_per_turn_;
  GoalMeter& meter_;
  ros2::Logger& logger_;
};

ClipItem text_item(const std::string& text, Encoder& encoder) {
  ClipItem item{.type = false, .text = text};
  try {
    item.feature = encoder.encode_text(text);
    add_extra(item, kModelKey, encoder.info().fingerprint);
  } catch (const Error& error) {
    add_error(item, error);
  }
  return item;
}

void execute_texts(Goal goal, Encoder& encoder, GoalMeter& meter, ros2::Logger& logger) {
  const std::vector<std::string>& texts = goal.goal().texts;
  logger.warn("Request texts: " + quoted_list(texts));
  GoalMeter::Active active(meter);
  OrderedFeedback feedback(goal, texts.size(), meter);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (goal.stop_token().stop_requested()) return goal.canceled(failure(ErrorCode::kCancelled));
    feedback.put(i, text_item(texts[i], encoder));
  }
  GetFeatures::Result result = feedback.result();
  goal.succeed(result);
  if (result.success) logger.warn("Clip Encode Text Node work success.");
}

}  // namespace

ClipItem picture_item(std::string url, EncodedImage image, const EncoderInfo& model) {
  ClipItem item{.type = true, .url = std::move(url), .feature = std::move(image.embedding)};
  add_extra(item, kWidthKey, std::to_string(image.width));
  add_extra(item, kHeightKey, std::to_string(image.height));
  add_extra(item, kModelKey, model.fingerprint);
  return item;
}

ImageInput picture_input(const std::string& url) {
  if (is_data_url(url)) return {.path = "the picture in a data URL", .bytes = decode_data_url(url)};
  return {.path = url, .bytes = {}};
}

ros2::ActionServer<GetFeatures> serve_pictures(ros2::Node& node, const std::string& action, Encoder& encoder,
                                               FairMutex& encoder_mutex, bool one_by_one, GoalMeter& meter) {
  ros2::Logger& logger = node.logger();
  auto server =
      std::make_shared<PictureServer>(encoder, encoder_mutex, one_by_one ? 1 : kPicturesPerTurn, meter, logger);
  ros2::ActionCallbacks<GetFeatures> callbacks;
  callbacks.accept = [&logger](const GetFeatures::Goal& goal) {
    logger.warn("Received goal request with type: " + std::to_string(goal.type ? 1 : 0));
    return goal.type;
  };
  callbacks.execute = [server](const Goal& goal) { server->execute(goal); };
  callbacks.default_result = default_result;
  return node.create_action_server<GetFeatures>(action, std::move(callbacks));
}

ros2::ActionServer<GetFeatures> serve_texts(ros2::Node& node, const std::string& action, Encoder& encoder,
                                            GoalMeter& meter) {
  ros2::Logger& logger = node.logger();
  ros2::ActionCallbacks<GetFeatures> callbacks;
  callbacks.accept = [](const GetFeatures::Goal& goal) { return !goal.type; };
  callbacks.execute = [&encoder, &meter, &logger](const Goal& goal) { execute_texts(goal, encoder, meter, logger); };
  callbacks.default_result = default_result;
  return node.create_action_server<GetFeatures>(action, std::move(callbacks));
}

}  // namespace clipseek::nodes
