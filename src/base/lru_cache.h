// A cache that evicts the least recently used entries.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace clipseek::base {

// Values by key. put() evicts the least recently used entries so that the sum of the entries' weights does not exceed
// the capacity. Any thread may call every function.
template <typename Value>
class LruCache {
 public:
  explicit LruCache(std::size_t capacity) : capacity_(capacity) {}

  std::optional<Value> find(const std::string& key) {
    std::lock_guard lock(mutex_);
    auto found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  void put(const std::string& key, Value value, std::size_t weight = 1) {
    std::lock_guard lock(mutex_);
    if (auto found = index_.find(key); found != index_.end()) erase(found->second);
    if (weight > capacity_) return;
    entries_.push_front({key, std::move(value), weight});
    index_[key] = entries_.begin();
    weight_ += weight;
    while (weight_ > capacity_) erase(std::prev(entries_.end()));
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
  using Iterator = typename std::list<Entry>::iterator;

  void erase(Iterator entry) {
    weight_ -= entry->weight;
    index_.erase(entry->key);
    entries_.erase(entry);
  }

  std::size_t capacity_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, Iterator> index_;
  std::size_t weight_ = 0;
};

}  // namespace clipseek::base
