// Selects the pictures of a topic that are encoded, so that a robot does not spend its processors on pictures that it
// does not need.
#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "clipseek/picture.h"

namespace clipseek::nodes {

// Not thread-safe.
class FrameFilter {
 public:
  // Returns whether a picture that arrives at `now` is within `max_rate` pictures per second (0: no limit). The rate
  // holds on average: after a pause, or if pictures arrive unevenly, two may follow each other at once.
  bool within_rate(std::chrono::steady_clock::time_point now, double max_rate);

  // Returns whether `picture` differs from the last accepted one by at least `min_change`: the mean absolute difference
  // of the brightness of the cells of a grid, from 0 to 255. Always true with 0 and for the first picture.
  bool has_changed(const Picture& picture, double min_change);
  // Makes the picture of the last has_changed() the one with which later ones are compared.
  void accept() { accepted_ = candidate_; }

 private:
  static constexpr int kCells = 32;  // a side of the grid
  using Grid = std::array<float, std::size_t{kCells} * kCells>;
  static Grid brightness(const Picture& picture);

  double permits_ = 1;
  std::optional<std::chrono::steady_clock::time_point> last_arrival_;
  std::optional<Grid> candidate_;  // of the last has_changed(); none with a limit of 0
  std::optional<Grid> accepted_;
};

}  // namespace clipseek::nodes
