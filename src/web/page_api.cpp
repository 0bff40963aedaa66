// The page's files, login and logout: docs/http-api.md, "Safety" and "The page's files".
#include "web/reply.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

http::Response empty_response(int status) {
  http::Response response;
  response.status = status;
  response.set("Cache-Control", "no-store");
  return response;
}

// "/?token=..." stores the token in a cookie and redirects to "/", so that it does not stay in the address bar.
http::Response front_page(const Services& services, const Call& call) {
  const std::string* token = call.request.parameter("token");
  if (token == nullptr || !services.guard.needs_token()) return services.page.get(call.request);
  http::Response response = empty_response(303);
  response.set("Location", "/");
  if (services.guard.is_token(*token)) response.set("Set-Cookie", services.guard.cookie());
  return response;
}

http::Response login(const Services& services, const Call& call) {
  base::Json body = json_body(call.request);
  const base::Json* token = body.find("token");
  http::Response response = empty_response(204);
  if (!services.guard.needs_token()) return response;
  if (token == nullptr || !token->is_string() || !services.guard.is_token(token->as_string("token"))) {
    throw http::StatusError(401, "unauthorized", "this is not the server's token");
  }
  response.set("Set-Cookie", services.guard.cookie());
  return response;
}

}  // namespace

void add_page_routes(Router& router, Services& services) {
  router.add({"GET", "/", Pool::kQuick, 0, [&](const Call& call) { return front_page(services, call); }});
  router.add(
      {"POST", "/api/login", Pool::kQuick, kMaxSmallBody, [&](const Call& call) { return login(services, call); }});
  router.add({"POST", "/api/logout", Pool::kQuick, kMaxSmallBody, [&](const Call&) {
                http::Response response = empty_response(204);
                response.set("Set-Cookie", services.guard.no_cookie());
                return response;
              }});
}

}  // namespace clipseek::web
