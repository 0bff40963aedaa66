// GET and POST /api/search: docs/http-api.md, "Searching".
#include <chrono>
#include <map>

#include "http/head.h"
#include "http/multipart.h"
#include "web/reply.h"
#include "web/services.h"

namespace clipseek::web {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kMaxLimit = 1000;
constexpr std::int64_t kDefaultLimit = 50;

struct Window {
  std::size_t offset;
  std::size_t limit;
};

Window window_of(const http::Parameters& parameters) {
  auto offset = integer_parameter(parameters, "offset", 0, 0, static_cast<std::int64_t>(kMaxHits));
  auto limit = integer_parameter(parameters, "limit", kDefaultLimit, 1, kMaxLimit);
  if (offset + limit > static_cast<std::int64_t>(kMaxHits)) {
    throw Error(ErrorCode::kInvalidArgument, "offset + limit must be at most " + std::to_string(kMaxHits));
  }
  return {static_cast<std::size_t>(offset), static_cast<std::size_t>(limit)};
}

std::vector<QueryTerm> parse(const std::string& query) {
  if (query.size() > kMaxQueryBytes) {
    throw http::StatusError(400, "query_too_long",
                            "the query has more than " + std::to_string(kMaxQueryBytes) + " bytes");
  }
  try {
    return parse_query(query);
  } catch (const Error& error) {
    throw http::StatusError(400, "bad_query", error.what());
  }
}

base::Json term_json(const QueryTerm& term, const Services& services, const Uploads& uploads) {
  base::Json::Object json{{"kind", "text"}, {"weight", term.weight}};
  switch (term.kind) {
    case QueryTerm::Kind::kText:
      json.emplace_back("text", term.value);
      break;
    case QueryTerm::Kind::kItem: {
      auto item = services.library.find(term.item);
      json[0].second = "item";
      json.emplace_back("item", term.item);
      json.emplace_back("name", item ? base::Json(file_name_of(item->path)) : base::Json());
      break;
    }
    case QueryTerm::Kind::kFile:
    case QueryTerm::Kind::kUpload:
      json[0].second = "upload";
      json.emplace_back("name", term.value);
      json.emplace_back("upload", uploads.token_of(term));
      break;
  }
  json.emplace_back("source", term.source);
  return json;
}

base::Json hit_json(const SearchHit& hit, std::size_t rank, const std::optional<Calibration>& calibration) {
  base::Json::Object json{{"rank", rank}};
  for (auto& member : item_json(hit)) json.push_back(std::move(member));
  json.emplace_back("score", hit.score);
  json.emplace_back("strength", strength_name(strength_of(hit.score, calibration)));
  return json;
}

base::Json calibration_json(const std::optional<Calibration>& calibration) {
  if (!calibration) return {};
  return base::Json::Object{{"center", calibration->center},
                            {"spread", calibration->spread},
                            {"fair", calibration->fair},
                            {"strong", calibration->strong}};
}

base::Json answer(Services& services, const std::string& query, const std::vector<QueryTerm>& terms,
                  const Uploads& uploads, Window window, Clock::time_point started_at) {
  Embedding embedding = services.queries.encode(terms, uploads);
  catalog::Library::Page page = services.library.search(embedding, window.offset, window.limit);
  std::optional<Calibration> calibration = services.library.calibrate(services.calibrator, terms);
  // The verdict describes the best hit of all, which is only on the first page.
  std::string_view verdict = "none";
  if (page.total > 0) {
    catalog::Library::Page best = window.offset == 0 ? page : services.library.search(embedding, 0, 1);
    if (!best.items.empty()) verdict = strength_name(strength_of(best.items[0].score, calibration));
  }
  base::Json::Array shown;
  for (const QueryTerm& term : terms) shown.push_back(term_json(term, services, uploads));
  base::Json::Array hits;
  for (const SearchHit& hit : page.items) {
    hits.push_back(hit_json(hit, window.offset + hits.size() + 1, calibration));
  }
  std::size_t count = hits.size();
  bool more = window.offset + count < std::min(page.total, kMaxHits);
  base::Json::Object json{{"query", query},
                          {"terms", std::move(shown)},
                          {"verdict", verdict},
                          {"calibration", calibration_json(calibration)},
                          {"version", page.version},
                          {"total", page.total},
                          {"offset", window.offset},
                          {"count", count},
                          {"more", more},
                          {"took_ms", std::chrono::duration<double, std::milli>(Clock::now() - started_at).count()},
                          {"hits", std::move(hits)}};
  return json;
}

http::Response get_search(Services& services, const Call& call) {
  Clock::time_point started_at = Clock::now();
  const std::string* query = call.request.parameter("q");
  if (query == nullptr) throw Error(ErrorCode::kInvalidArgument, "the parameter q (the query) is missing");
  Window window = window_of(call.request.parameters);
  return json_response(answer(services, *query, parse(*query), {}, window, started_at));
}

// Encodes the file parts of a form, and appends the other parts to `fields`.
Uploads take_uploads(Services& services, const http::Request& request, http::Parameters& fields) {
  Uploads uploads;
  for (const http::FormPart& part : http::parse_multipart(request)) {
    if (!part.is_file) {
      if (!http::is_utf8(part.content))
        throw http::StatusError(400, "bad_request", "the field " + part.name + " is not UTF-8");
      fields.emplace_back(part.name, part.content);
      continue;
    }
    if (uploads.fields.size() == kMaxQueryTerms) throw http::StatusError(400, "bad_query", "more than 16 pictures");
    std::string name = part.file_name.empty() ? part.name : part.file_name;
    std::string token = services.queries.encode_picture(part.content, name).token;
    uploads.by_field[part.name] = token;
    uploads.by_file_name[part.file_name] = token;
    uploads.fields.push_back(part.name);
  }
  return uploads;
}

// Adds a term for each upload that the query does not name.
void add_unnamed(std::vector<QueryTerm>& terms, const Uploads& uploads) {
  std::size_t named = terms.size();
  for (const std::string& field : uploads.fields) {
    const std::string& token = uploads.by_field.at(field);
    auto uses = [&](const QueryTerm& term) {
      bool upload = term.kind == QueryTerm::Kind::kUpload || term.kind == QueryTerm::Kind::kFile;
      return upload && uploads.token_of(term) == token;
    };
    auto end = terms.begin() + static_cast<std::ptrdiff_t>(named);
    if (std::any_of(terms.begin(), end, uses)) continue;
    if (terms.size() == kMaxQueryTerms) throw http::StatusError(400, "bad_query", "more than 16 terms");
    QueryTerm term;
    term.kind = QueryTerm::Kind::kUpload;
    term.value = token.substr(token.find(':') + 1);
    term.source = (terms.empty() ? "" : "+ ") + token;
    terms.push_back(std::move(term));
  }
}

http::Response post_search(Services& services, const Call& call) {
  Clock::time_point started_at = Clock::now();
  http::Parameters fields = call.request.parameters;
  Uploads uploads = take_uploads(services, call.request, fields);
  std::string query;
  for (const auto& [name, value] : fields) {
    if (name == "q") query = value;
  }
  std::vector<QueryTerm> terms;
  if (!query.empty() || uploads.fields.empty()) terms = parse(query);
  add_unnamed(terms, uploads);
  base::Json json = answer(services, query, terms, uploads, window_of(fields), started_at);
  base::Json::Object tokens;
  for (const std::string& field : uploads.fields) tokens.emplace_back(field, uploads.by_field.at(field));
  base::Json::Object whole = json.as_object("the answer");
  whole.emplace_back("uploads", std::move(tokens));
  return json_response(whole);
}

}  // namespace

void add_search_routes(Router& router, Services& services) {
  router.add({"GET", "/api/search", Pool::kQuick, 0, [&](const Call& call) { return get_search(services, call); }});
  router.add({"POST", "/api/search", Pool::kPictures, kMaxUploadBytes,
              [&](const Call& call) { return post_search(services, call); }});
}

}  // namespace clipseek::web
