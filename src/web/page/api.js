// The client of the HTTP API (docs/http-api.md). Addresses are relative, so that the page also works below a path prefix
// of a proxy.

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let logIn = null;
let loggingIn = null;

// Sets the function that asks the user for the token; its promise resolves when the server has accepted the token.
export function whenUnauthorized(handler) {
  logIn = handler;
}

async function errorOf(response) {
  let body = {};
  try {
    body = (await response.json()).error ?? {};
  } catch {
    // The response is not from our server, perhaps from a proxy; only its status is used.
  }
  return new ApiError(response.status, body.code ?? "internal", body.message ?? response.statusText);
}

// Returns the JSON of the response. Throws ApiError, with the code "unreachable" if there was no response, and the
// AbortError of the signal. If a token is needed, the request is repeated after the user has entered it.
export async function request(path, options = {}) {
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
    loggingIn ??= logIn().finally(() => (loggingIn = null));
    await loggingIn;
  }
}

export function get(path, parameters = {}, signal) {
  const query = new URLSearchParams(parameters).toString();
  return request(query ? `${path}?${query}` : path, { signal });
}

export function post(path, body) {
  return request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export function remove(path) {
  return request(path, { method: "DELETE" });
}

// Listens to a stream of server-sent events: `handlers` is {event name: function of its data}. Returns a function that
// closes the stream. The browser reconnects by itself; disconnected() is called when the server refuses that.
export function listen(path, handlers, disconnected = () => {}) {
  const source = new EventSource(path);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && disconnected());
  return () => source.close();
}

export const address = {
  thumbnail: (id, size) => `api/items/${id}/thumbnail?size=${size}`,
  original: (id) => `api/items/${id}/image`,
};
