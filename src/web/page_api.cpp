// The page's files, and logging in: docs/http-api.md, "Safety" and "The page's files".
#include "web/reply.h"
#include "web/services.h"

namespace clipseek {
namespace {

HttpResponse empty_response(int status) {
  HttpResponse response;
  response.status = status;
  response.set("Cache-Control", "no-store");
  return response;
}

// "/?token=..." puts the token into a cookie and out of the address.
HttpResponse front_page(const Services& services, const Call& call) {
  const std::string* token = call.request.parameter("token");
  if (token == nullptr || !services.guard.needs_token()) return services.page.get(call.request);
  HttpResponse response = empty_response(303);
  response.set("Location", "/");
  if (services.guard.is_token(*token)) response.set("Set-Cookie", services.guard.cookie());
  return response;
}

HttpResponse login(const Services& services, const Call& call) {
  Json body = json_body(call.request);
  const Json* token = body.find("token");
  HttpResponse response = empty_response(204);
  if (!services.guard.needs_token()) return response;
  if (token == nullptr || !token->is_string() || !services.guard.is_token(token->as_string("token"))) {
    throw HttpError(401, "unauthorized", "this is not the server's token");
  }
  response.set("Set-Cookie", services.guard.cookie());
  return response;
}

}  // namespace

void add_page_routes(Router& router, Services& services) {
  router.add({"GET", "/", LaneOf::kQuick, 0, [&](const Call& call) { return front_page(services, call); }});
  router.add(
      {"POST", "/api/login", LaneOf::kQuick, kMaxSmallBody, [&](const Call& call) { return login(services, call); }});
  router.add({"POST", "/api/logout", LaneOf::kQuick, kMaxSmallBody, [&](const Call&) {
                HttpResponse response = empty_response(204);
                response.set("Set-Cookie", services.guard.no_cookie());
                return response;
              }});
}

}  // namespace clipseek
