// Starts the built `clipseek serve` for a test, with its own database and folders.
import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const kTimeout = 60_000; // milliseconds for a start or a stop; long, because the machine may be busy

export const source = process.env.CLIPSEEK_SOURCE;
export const samples = path.join(source, "samples");

// The caller's environment without the variables that change clipseek's defaults.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("CLIPSEEK_") && name !== "NO_COLOR"));

// Runs the program to its end and returns its standard output.
export async function clipseek(...words) {
  const { stdout } = await promisify(execFile)(process.env.CLIPSEEK_PROGRAM, words, { env: environment, maxBuffer: 1 << 28 });
  return stdout;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export class Site {
  // Creates a folder for the site; its `pictures/` holds the chosen samples, or all samples if `chosen` is null.
  static async make(chosen = null) {
    const site = new Site();
    site.folder = await mkdtemp(path.join(os.tmpdir(), "clipseek-browser-"));
    site.pictures = path.join(site.folder, "pictures");
    site.database = path.join(site.folder, "clip.db");
    if (chosen === null) await cp(samples, site.pictures, { recursive: true, filter: (name) => !name.endsWith(".md") });
    else await mkdir(site.pictures);
    for (const name of chosen ?? []) await cp(path.join(samples, name), path.join(site.pictures, name));
    return site;
  }

  index(...paths) {
    return clipseek("index", "--db", this.database, ...(paths.length > 0 ? paths : [this.pictures]));
  }

  // As serve(), but no WebP picture is decoded before release() is called. hold() delays the pictures after it again.
  async serveHeld(...words) {
    this.held = path.join(this.folder, "held");
    await this.serveWith({ LD_PRELOAD: process.env.CLIPSEEK_HELD_DECODER, HELD_DECODER: this.held }, words);
  }

  release() {
    return writeFile(`${this.held}.release`, "");
  }

  hold() {
    return rm(`${this.held}.release`);
  }

  // Starts the server with further command line arguments.
  serve(...words) {
    return this.serveWith({}, words);
  }

  async serveWith(variables, words) {
    const port = await freePort();
    this.base = `http://127.0.0.1:${port}/`;
    this.process = spawn(process.env.CLIPSEEK_PROGRAM, ["serve", "--db", this.database, "--port", String(port), ...words],
      { env: { ...environment, ...variables }, stdio: ["ignore", "pipe", "pipe"] });
    this.output = "";
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (data) => (this.output += data));
    this.ended = new Promise((resolve) => this.process.on("exit", (status) => resolve(status)));
    await this.answers();
  }

  async answers() {
    const until = Date.now() + kTimeout;
    let over = false;
    this.ended.then(() => (over = true));
    while (!over && Date.now() < until) {
      try {
        if ((await fetch(`${this.base}healthz`)).ok) return;
      } catch {
        // The server does not listen yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`clipseek serve did not start: ${this.output}`);
  }

  // Returns the JSON of an API response.
  async api(address, options = {}) {
    const response = await fetch(`${this.base}api/${address}`, options);
    return response.json();
  }

  async close() {
    if (this.process && this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      const timer = setTimeout(() => this.process.kill("SIGKILL"), kTimeout);
      await this.ended;
      clearTimeout(timer);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
