// What was used lately: a map that forgets. Internal to web/.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace clipseek::base {

// Values by key, together of at most a given weight; beyond it those go that were not used for the longest. Any thread.
template <typename Value>
class LruCache {
 public:
  explicit LruCache(std::size_t most) : most_(most) {}

  std::optional<Value> find(const std::string& key) {
    std::lock_guard lock(mutex_);
    auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  void put(const std::string& key, Value value, std::size_t weight = 1) {
    std::lock_guard lock(mutex_);
    if (auto found = places_.find(key); found != places_.end()) drop(found->second);
    if (weight > most_) return;
    entries_.push_front({key, std::move(value), weight});
    places_[key] = entries_.begin();
    weight_ += weight;
    while (weight_ > most_) drop(std::prev(entries_.end()));
  }

  std::size_t weight() const {
    std::lock_guard lock(mutex_);
    return weight_;
  }

 private:
  struct Entry {
    std::string key;
    Value value;
    std::size_t weight;
  };
  using Place = typename std::list<Entry>::iterator;

  void drop(Place place) {
    weight_ -= place->weight;
    places_.erase(place->key);
    entries_.erase(place);
  }

  std::size_t most_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the last used first
  std::unordered_map<std::string, Place> places_;
  std::size_t weight_ = 0;
};

}  // namespace clipseek::base
