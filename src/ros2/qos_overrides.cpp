#include "ros2/qos_overrides.h"

namespace clipseek::ros2 {
namespace {

// A larger history is refused, because a mistyped depth could use up the memory.
constexpr std::int64_t kMaxDepth = 10'000;

// A policy with two values, by the names that rmw gives them.
struct Choice {
  std::string policy;
  std::string if_true;
  std::string if_false;
};

class Overrides {
 public:
  Overrides(Parameters& parameters, const std::string& topic, TopicEnd end)
      : parameters_(parameters),
        end_(end == TopicEnd::kPublisher ? "publisher" : "subscription"),
        topic_(topic),
        prefix_("qos_overrides." + topic + "." + end_ + ".") {}

  bool choose(const Choice& choice, bool value) {
    const std::string allowed = choice.if_true + " or " + choice.if_false;
    ParameterDescription description = describe(choice.policy);
    description.constraints = allowed;
    description.check = [choice, allowed](const ParameterValue& given) -> std::optional<std::string> {
      const auto& text = std::get<std::string>(given);
      if (text == choice.if_true || text == choice.if_false) return std::nullopt;
      return "'" + text + "' is not supported: use " + allowed;
    };
    const ParameterValue set = value_of(choice.policy, value ? choice.if_true : choice.if_false, description);
    return std::get<std::string>(set) == choice.if_true;
  }

  int depth(int value) {
    ParameterDescription description = describe("depth");
    description.integer_range = IntegerRange{1, kMaxDepth, 1};
    return static_cast<int>(std::get<std::int64_t>(value_of("depth", std::int64_t{value}, description)));
  }

 private:
  ParameterDescription describe(const std::string& policy) const {
    return {.text = "qos policy {" + policy + "} for " + end_ + " {" + topic_ + "}", .read_only = true};
  }
  // The value from the command line, else `own`.
  ParameterValue value_of(const std::string& policy, const ParameterValue& own,
                          const ParameterDescription& description) {
    const std::string name = prefix_ + policy;
    if (!parameters_.find(name)) return parameters_.declare(name, own, description);
    return parameters_.is_given(name) ? *parameters_.find(name) : own;
  }

  Parameters& parameters_;
  std::string end_;
  std::string topic_;
  std::string prefix_;
};

}  // namespace

Qos overridden_qos(Parameters& parameters, const std::string& topic, TopicEnd end, const Qos& qos) {
  Overrides overrides(parameters, topic, end);
  Qos result = qos;
  result.reliable = overrides.choose({"reliability", "reliable", "best_effort"}, qos.reliable);
  result.transient_local = overrides.choose({"durability", "transient_local", "volatile"}, qos.transient_local);
  result.keep_all = overrides.choose({"history", "keep_all", "keep_last"}, qos.keep_all);
  result.depth = overrides.depth(qos.depth);
  return result;
}

}  // namespace clipseek::ros2
