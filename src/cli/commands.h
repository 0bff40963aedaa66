// The subcommands: a struct of arguments and a function for each, implemented in x_command.cpp. A command returns its
// exit status, or throws an Error that main prints and maps to an exit status.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/console.h"
#include "clipseek/model.h"

namespace clipseek::cli {

// The exit status of a command that has finished but found bad inputs; each is named on stderr.
inline constexpr int kSomeInputsBad = 3;

struct ModelArguments {
  std::string model;  // as locate_model takes it
  ModelOptions options;
};
std::unique_ptr<Model> open_model(const ModelArguments& arguments);

struct DatabaseArgument {
  std::filesystem::path path = "clip.db";
  bool chosen = false;  // named by the user, with the option or the environment variable
};
// Throws Error kNotFound, with advice, if the database does not exist, and kUnreadable if that cannot be determined.
void require_database(const DatabaseArgument& database);

struct IndexArguments {
  DatabaseArgument database;
  ModelArguments model;
  bool json = false;
  std::vector<std::filesystem::path> paths;
};
int run_index(const IndexArguments& arguments, const Console& console);

struct SearchArguments {
  DatabaseArgument database;
  ModelArguments model;
  std::size_t top_k = 10;
  bool json = false;
  std::filesystem::path links;  // empty: none
  std::string image;            // empty: none; at least one of image and query is given
  std::string query;
};
int run_search(const SearchArguments& arguments, const Console& console);

struct EncodeInput {
  bool is_image = false;
  std::string value;  // a file name or a text
};
struct EncodeArguments {
  ModelArguments model;
  bool json = false;
  std::vector<EncodeInput> inputs;
};
int run_encode(const EncodeArguments& arguments, const Console& console);
// As run_encode, with any encoder.
int encode_inputs(Encoder& encoder, const EncodeArguments& arguments, const Console& console);

struct TokenizeArguments {
  ModelArguments model;
  bool json = false;
  std::vector<std::string> texts;
};
int run_tokenize(const TokenizeArguments& arguments, const Console& console);

struct InfoArguments {
  DatabaseArgument database;
  ModelArguments model;
  bool json = false;
};
int run_info(const InfoArguments& arguments, const Console& console);

struct BenchArguments {
  ModelArguments model;
  bool json = false;
};
int run_bench_command(const BenchArguments& arguments, const Console& console);

struct ServeArguments {
  DatabaseArgument database;
  ModelArguments model;
  std::string host = "127.0.0.1";
  int port = 8000;
  std::vector<std::filesystem::path> roots;
  std::filesystem::path results;  // empty: none
  std::string token;              // empty: read from token_file, else from $CLIPSEEK_TOKEN
  std::filesystem::path token_file;
  std::vector<std::string> allowed_hosts;
};
int run_serve(const ServeArguments& arguments, const Console& console);

struct LaunchCommandArguments {
  std::vector<std::string> values;  // NAME:=VALUE
};
int run_launch(const LaunchCommandArguments& arguments, const Console& console);

struct AskArguments;
// Returns only by throwing an Error.
int run_ask(const AskArguments& arguments, const Console& console);

struct ModelListArguments {
  bool json = false;
};
int run_model_list(const ModelListArguments& arguments, const Console& console);

struct ModelNameArguments {
  std::string name;  // empty, for verify: every model on this machine
  bool json = false;
};
int run_model_pull(const ModelNameArguments& arguments, const Console& console);
int run_model_verify(const ModelNameArguments& arguments, const Console& console);
int run_model_path(const ModelNameArguments& arguments, const Console& console);

}  // namespace clipseek::cli
