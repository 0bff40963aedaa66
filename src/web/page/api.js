// Asks the server (docs/http-api.md). Addresses are relative, so that the page also works below a proxy's folder.

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let askForToken = null;
let asking = null;

// `ask()` lets the person give the token; its promise is kept when the server has taken it.
export function whenUnauthorized(ask) {
  askForToken = ask;
}

async function errorOf(response) {
  let said = {};
  try {
    said = (await response.json()).error ?? {};
  } catch {
    // Not our server's words, perhaps a proxy's: the status has to do.
  }
  return new ApiError(response.status, said.code ?? "internal", said.message ?? response.statusText);
}

// The answer's JSON. Throws ApiError, with the code "unreachable" where no answer came; and the signal's AbortError.
// Where a token is missing, the question waits until it has been given.
export async function ask(path, options = {}) {
  for (;;) {
    let response;
    try {
      response = await fetch(path, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ApiError(0, "unreachable", String(error.message));
    }
    if (response.ok) return response.status === 204 ? null : response.json();
    const error = await errorOf(response);
    if (error.code !== "unauthorized" || path === "api/login") throw error;
    asking ??= askForToken().finally(() => (asking = null));
    await asking;
  }
}

export function get(path, parameters = {}, signal) {
  const query = new URLSearchParams(parameters).toString();
  return ask(query ? `${path}?${query}` : path, { signal });
}

export function post(path, body) {
  return ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export function remove(path) {
  return ask(path, { method: "DELETE" });
}

// Listens to a stream of events: `handlers` is {event name: function of its data}. Returns what closes it. The browser
// comes back by itself after a break; lost() is called when the server then refuses it.
export function listen(path, handlers, lost = () => {}) {
  const source = new EventSource(path);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && lost());
  return () => source.close();
}

export const address = {
  thumbnail: (id, size) => `api/items/${id}/thumbnail?size=${size}`,
  original: (id) => `api/items/${id}/image`,
};
