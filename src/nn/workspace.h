// The state that one thread needs to run layers: reused memory and oneDNN's stream.
#pragma once

#include <memory>

#include "nn/tensor.h"

namespace clipseek::nn {

// Keeps the calling thread's number of OpenMP threads: layers change it, and the thread may belong to a program that
// uses OpenMP for work of its own.
class OpenMpThreadsGuard {
 public:
  OpenMpThreadsGuard();
  ~OpenMpThreadsGuard();
  OpenMpThreadsGuard(const OpenMpThreadsGuard&) = delete;
  OpenMpThreadsGuard& operator=(const OpenMpThreadsGuard&) = delete;

 private:
  int threads_;
};

// Only one thread at a time may use a Workspace. Work on pictures is parallel across threads, one per core, each of
// which encodes whole pictures: oneDNN's own threads scale badly for CLIP's sizes.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;

  struct Stream;
  Stream& stream(int threads = 1);

  // The number of threads that share a product of few rows. Reading the weights from memory limits the speed of such a
  // product, and several cores read faster than one: a short text on an otherwise idle machine takes half the time.
  int team = 1;

  Buffer stream_rows;  // [rows, W], f32: the residual stream of a batch
  Buffer scratchpad;   // oneDNN's, during one primitive
  Buffer normed;       // [rows, W], output of a layer norm
  Buffer qkv;          // [rows, 3 W]
  Buffer scores;       // [H, T, T], f32
  Buffer weights;      // [H, T, T], softmax of scores
  Buffer mixed;        // [rows, W], output of attention
  Buffer hidden;       // [rows, F]

 private:
  std::unique_ptr<Stream> stream_;
};

}  // namespace clipseek::nn
