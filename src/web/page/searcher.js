// Searches while the user types: not at every key press, never twice at a time, and only the last answer is used.
import { get, request } from "./api.js";
import { PagedList } from "./paged_list.js";

const kTypingPause = 110;
// During typing, half a word often matches nothing and a quotation mark may still be open, so weak results and syntax
// errors are shown only after this time.
const kProblemDelay = 450;

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

// Sends one POST with the pictures that are not uploaded yet; from then on their tokens name them.
async function postQuery(query, limit, signal) {
  const form = new FormData();
  form.append("q", query.compose());
  form.append("limit", limit);
  const unsent = query.unsent();
  for (const picture of unsent) form.append(picture.field, picture.file, picture.name);
  const answer = await request("api/search", { method: "POST", body: form, signal });
  for (const picture of unsent) picture.token = answer.uploads[picture.field];
  return answer;
}

async function sendQuery(query, offset, limit, signal) {
  if (query.unsent().length > 0) return postQuery(query, limit, signal);
  try {
    return await get("api/search", { q: query.compose(), offset, limit }, signal);
  } catch (error) {
    const expired = query.pictures.filter(({ kind, file }) => kind === "upload" && file !== null);
    if (error.code !== "unknown_picture" || expired.length === 0) throw error;
    for (const picture of expired) picture.token = null;
    return postQuery(query, limit, signal);
  }
}

export class Searcher {
  // answered(answer, list, query) is called for the first page of an answer, failed(error, query) for an error, and
  // waiting(true or false) when a request starts or ends.
  constructor({ answered, failed, waiting }) {
    Object.assign(this, { answered, failed, waiting });
    this.controller = new AbortController();
  }

  // Cancels the running search.
  stop() {
    this.controller.abort();
    this.waiting(false);
  }

  // typed: the query may be incomplete. previous: the current list, when the same query is repeated.
  async search(query, { typed = false, previous = null } = {}) {
    this.stop();
    this.controller = new AbortController();
    const { signal } = this.controller;
    try {
      if (typed) await pause(kTypingPause, signal);
      this.waiting(true);
      await this.answer(query, typed, previous, signal);
      this.waiting(false);
    } catch (error) {
      if (signal.aborted) return;
      this.waiting(false);
      this.failed(error, query);
    }
  }

  async answer(query, typed, previous, signal) {
    const startedAt = performance.now();
    const fetchPage = async (offset, limit) => {
      const page = await sendQuery(query, offset, limit, signal);
      return { ...page, entries: page.hits.map((hit) => ({ ...hit, key: hit.id })) };
    };
    const list = new PagedList(fetchPage);
    try {
      const answer = await list.first(previous);
      if (typed && answer.verdict === "weak") await pause(kProblemDelay - (performance.now() - startedAt), signal);
      if (!signal.aborted) this.answered(answer, list, query);
    } catch (error) {
      if (typed && error.code === "bad_query") await pause(kProblemDelay, signal);
      throw error;
    }
  }
}
