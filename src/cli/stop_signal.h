// Stopping a long run in good order: Ctrl-C and `kill` ask for it.
#pragma once

namespace clipseek {

// While one lives, the first SIGINT or SIGTERM is only noted; a second ends the process as usual. A signal that was
// ignored when it was made (nohup) stays ignored. One at a time in a process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // The number of the signal that came, 0 while none has. Any thread.
  int received() const;
};

}  // namespace clipseek
