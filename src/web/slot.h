// A place among a bounded number of workers. Internal to web/.
#pragma once

#include <semaphore>

namespace clipseek {

// Waits for a place, and gives it back at the end.
class Slot {
 public:
  explicit Slot(std::counting_semaphore<>& places) : places_(places) { places_.acquire(); }
  ~Slot() { places_.release(); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  std::counting_semaphore<>& places_;
};

}  // namespace clipseek
