// The progress of an index run: pictures done, speed, remaining time, and failures.
import { listen, remove } from "./api.js";
import { element } from "./dom.js";
import { count, duration } from "./format.js";
import { words } from "./language.js";

const kRunning = "running";

// Returns a summary of a run that has ended.
export function reportWords(job) {
  if (job.error) return words("jobFailed", { message: job.error.message });
  const { added = 0, updated = 0, moved = 0, removed = 0, failed = 0, unchanged = 0 } = job.report ?? {};
  const parts = Object.entries({ added, updated, moved, removed, failed })
    .filter(([, number]) => number > 0).map(([what, number]) => words(what, { count: number }));
  if (parts.length === 0) parts.push(words("unchanged", { count: unchanged }));
  return parts.join(", ");
}

export class JobView {
  // progressed(job) is called for every update, the last time when the run has ended.
  constructor(container, { progressed }) {
    Object.assign(this, { container, progressed });
    this.job = null;
    this.failures = [];
    this.build();
  }

  build() {
    this.title = element("h3");
    this.paths = element("p.job-path.quiet");
    this.bar = element("progress", { "aria-label": words("progress") });
    this.done = element("span");
    this.left = element("span.quiet");
    this.stop = element("button.button", { type: "button", id: "stop-job", onclick: () => remove(`api/jobs/${this.job.id}`) }, words("stop"));
    this.failureCount = element("summary");
    this.failureList = element("ul");
    this.failureBox = element("details.failures", { hidden: true }, this.failureCount, this.failureList);
    this.status = element("p.visually-hidden", { role: "status" });
    this.container.replaceChildren(this.title, element("div.job", {}, this.paths, this.bar,
      element("div.job-line", {}, this.done, this.left), this.failureBox, this.stop), this.status);
  }

  // Follows the run `job` until it ends.
  follow(job) {
    if (this.job?.id === job.id && this.job.started_ms === job.started_ms) return; // ids start at 1 again when the server restarts
    this.failures = [];
    this.failureList.replaceChildren();
    this.show(job);
    this.status.textContent = words("jobStarted");
    const close = listen(`api/jobs/${job.id}/events`, {
      progress: (now) => this.show(now),
      failure: (failure) => this.addFailure(failure),
      end: (last) => {
        close();
        this.show(last);
        this.status.textContent = `${words("jobEnded")}: ${reportWords(last)}`;
      },
    }, () => this.show({ ...this.job, state: "failed", error: { message: words("serverUnreachable") } }));
  }

  show(job) {
    this.job = job;
    const running = job.state === kRunning;
    this.container.hidden = false;
    this.title.textContent = words(running ? "jobRunning" : "jobEnded");
    this.paths.textContent = job.paths.join("\n");
    this.stop.hidden = !running;
    this.bar.hidden = !running;
    if (job.scanning) this.bar.removeAttribute("value");
    else {
      this.bar.max = Math.max(1, job.to_encode);
      this.bar.value = job.encoded;
    }
    this.showFigures(job, running);
    this.showFailures();
    this.progressed(job);
  }

  showFigures(job, running) {
    if (!running) {
      this.done.textContent = reportWords(job);
      this.left.textContent = duration(job.seconds);
    } else if (job.scanning || job.to_encode === 0) {
      this.done.textContent = words("found", { count: job.found });
      this.left.textContent = job.scanning ? words("scanning") : "";
    } else {
      this.done.textContent = words("encoded", { done: count(job.encoded), all: count(job.to_encode) });
      const parts = [];
      if (job.rate !== null) parts.push(words("rate", { rate: job.rate < 10 ? Number(job.rate.toFixed(1)) : Math.round(job.rate) }));
      if (job.seconds_left !== null) parts.push(words("timeLeft", { time: duration(job.seconds_left) }));
      this.left.textContent = parts.join(" \u00b7 ");
    }
  }

  addFailure(failure) {
    if (this.failures.some(({ path }) => path === failure.path)) return; // sent again after a reconnect
    this.failures.push(failure);
    const { path, message } = failure;
    const reason = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
    this.failureList.append(element("li", {}, element("p", {}, path), element("p.quiet", {}, reason)));
    this.showFailures();
  }

  showFailures() {
    const number = Math.max(this.failures.length, this.job.failed);
    this.failureBox.hidden = number === 0;
    this.failureCount.textContent = words("failures", { count: number });
  }
}
