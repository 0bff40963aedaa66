// Asks the server while a person types: not at every key, never two at once, and only the last answer counts.
import { ask, get } from "./api.js";
import { PagedList } from "./paged_list.js";

const kTypingPause = 110;
// Half a word often matches nothing, and an open quotation mark is no error yet: who is typing is not told at once.
const kPatience = 450;

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

// One POST with the pictures that the server does not know yet; its answer's tokens stand for them from then on.
async function postQuery(query, limit, signal) {
  const form = new FormData();
  form.append("q", query.compose());
  form.append("limit", limit);
  const unsent = query.unsent();
  for (const picture of unsent) form.append(picture.field, picture.file, picture.name);
  const answer = await ask("api/search", { method: "POST", body: form, signal });
  for (const picture of unsent) picture.token = answer.uploads[picture.field];
  return answer;
}

async function askQuery(query, offset, limit, signal) {
  if (query.unsent().length > 0) return postQuery(query, limit, signal);
  try {
    return await get("api/search", { q: query.compose(), offset, limit }, signal);
  } catch (error) {
    const forgotten = query.pictures.filter(({ kind, file }) => kind === "upload" && file !== null);
    if (error.code !== "unknown_picture" || forgotten.length === 0) throw error;
    for (const picture of forgotten) picture.token = null;
    return postQuery(query, limit, signal);
  }
}

export class Searcher {
  // answered(answer, list, query): the first page of a new answer; failed(error, query); waiting(bool).
  constructor({ answered, failed, waiting }) {
    Object.assign(this, { answered, failed, waiting });
    this.controller = new AbortController();
  }

  // Forgets the question that is under way.
  stop() {
    this.controller.abort();
    this.waiting(false);
  }

  // typed: the query is perhaps not finished. like: the list so far, when the same question is asked again.
  async ask(query, { typed = false, like = null } = {}) {
    this.stop();
    this.controller = new AbortController();
    const { signal } = this.controller;
    try {
      if (typed) await pause(kTypingPause, signal);
      this.waiting(true);
      await this.answer(query, typed, like, signal);
      this.waiting(false);
    } catch (error) {
      if (signal.aborted) return;
      this.waiting(false);
      this.failed(error, query);
    }
  }

  async answer(query, typed, like, signal) {
    const asked = performance.now();
    const fetchPage = async (offset, limit) => {
      const page = await askQuery(query, offset, limit, signal);
      return { ...page, entries: page.hits.map((hit) => ({ ...hit, key: hit.id })) };
    };
    const list = new PagedList(fetchPage);
    try {
      const answer = await list.first(like);
      if (typed && answer.verdict === "weak") await pause(kPatience - (performance.now() - asked), signal);
      if (!signal.aborted) this.answered(answer, list, query);
    } catch (error) {
      if (typed && error.code === "bad_query") await pause(kPatience, signal);
      throw error;
    }
  }
}
