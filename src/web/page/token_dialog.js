// Asks the user for the token that the server was started with. The server keeps it in a cookie that scripts cannot read.
import { post, whenUnauthorized } from "./api.js";
import { byId } from "./dom.js";
import { words } from "./language.js";

function askForToken() {
  const dialog = byId("token");
  const field = byId("token-field");
  const problem = byId("token-problem");
  if (!dialog.open) dialog.showModal();
  field.value = "";
  field.focus();
  return new Promise((resolve) => {
    byId("token-form").onsubmit = async (event) => {
      event.preventDefault();
      try {
        await post("api/login", { token: field.value });
        problem.textContent = "";
        dialog.close();
        resolve();
      } catch (error) {
        problem.textContent = error.code === "unauthorized" ? words("tokenWrong") : error.message;
        field.select();
      }
    };
  });
}

export function prepareTokenDialog() {
  // The dialog cannot be cancelled, because the page does not work without the token.
  byId("token").addEventListener("cancel", (event) => event.preventDefault());
  whenUnauthorized(askForToken);
}
