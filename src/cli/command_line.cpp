#include "cli/command_line.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line_parts.h"
#include "cli/commands.h"
#include "clipseek/error.h"
#include "clipseek/version.h"

namespace clipseek::cli {
namespace {

constexpr const char* kAbout =
    "Finds pictures by what they show. Index a folder once, then search it with a sentence, a picture or both.";
constexpr const char* kEpilogue =
    "First steps:\n"
    "  clipseek index ~/Pictures\n"
    "  clipseek search \"a dog on a sofa\"\n"
    "\n"
    "Exit status: 0 done; 1 the work failed; 2 the command line is wrong; 3 done, but some inputs were bad.\n"
    "'clipseek COMMAND --help' describes a command.";

// CLI11's help, in which a positional is shown only as its option_text ("PATH...").
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(24); }
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    return is_positional ? option->get_option_text() : Formatter::make_option_name(option, false);
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_positional() ? "" : Formatter::make_option_opts(option);
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    return option->get_required() ? option->get_option_text() : "[" + option->get_option_text() + "]";
  }
  std::string make_usage(const CLI::App* app, std::string name) const override {
    return "\n" + Formatter::make_usage(app, std::move(name));
  }
};

// Options and positionals that may be repeated are read with results(), without allow_extra_args: otherwise CLI11 would
// split a folder named "[a,b]" in two and ignore the text "{}".
CLI::Option* add_repeated_option(CLI::App* command, const std::string& name, const std::string& type,
                                 const std::string& what) {
  return command->add_option(name, what)->expected(1, -1)->type_name(type)->option_text(type);
}

void add_model(CLI::App* command, ModelArguments& arguments) {
  command
      ->add_option("--model", arguments.model,
                   "A checkpoint folder, or a model's name [$CLIPSEEK_MODEL, else the bundled model]")
      ->option_text("DIR|NAME");
}

void add_database(CLI::App* command, DatabaseArgument& database) {
  if (const char* chosen = std::getenv("CLIPSEEK_DB"); chosen != nullptr && *chosen != '\0') {
    database = {chosen, true};
  }
  auto choose = [&database](const std::string& path) {
    if (path.empty()) throw Error(ErrorCode::kInvalidArgument, "--db needs a file name");
    database = {path, true};
  };
  command->add_option_function<std::string>("--db", choose, "The database [$CLIPSEEK_DB, else clip.db]")
      ->option_text("FILE");
}

void add_precision(CLI::App* command, ModelArguments& arguments) {
  auto choose = [&arguments](const std::string& name) {
    static const std::map<std::string, PrecisionChoice> kPrecisions = {
        {"auto", PrecisionChoice::kAuto}, {"f32", PrecisionChoice::kF32}, {"bf16", PrecisionChoice::kBf16}};
    arguments.options.precision = kPrecisions.at(name);
  };
  command
      ->add_option_function<std::string>("--precision", choose,
                                         "auto, f32 or bf16 [auto: bf16 where the processor has it, else f32]")
      ->option_text("TYPE")
      ->check([](const std::string& name) {
        bool known = name == "auto" || name == "f32" || name == "bf16";
        return known ? "" : "there is no precision '" + name + "', only auto, f32 and bf16";
      });
}

void add_index(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<IndexArguments>();
  CLI::App* command = app.add_subcommand("index", "Update the database from folders of pictures");
  add_database(command, arguments->database);
  add_model(command, arguments->model);
  command->add_option("--jobs", arguments->model.options.workers, "Threads [one per core]")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--json", arguments->json, "Print the counts as one JSON object at the end");
  CLI::Option* paths = add_positionals(command, "PATH", "Folders (searched recursively) or files");
  paths->required()->option_text("PATH...");
  command->footer(
      "Only new and changed pictures are encoded; pictures whose files have vanished are removed. A run can be\n"
      "stopped at any time (Ctrl-C): stored pictures are kept, and the next run continues from there.\n"
      "\n"
      "Examples:\n"
      "  clipseek index ~/Pictures\n"
      "  clipseek index --db work.db --jobs 4 photos/2024 photos/2025 logo.png");
  command->callback([arguments, paths, &chosen] {
    for (const std::string& path : paths->results()) arguments->paths.emplace_back(path);
    chosen = [arguments](const Console& console) { return run_index(*arguments, console); };
  });
}

void add_search(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<SearchArguments>();
  CLI::App* command = app.add_subcommand("search", "Rank the indexed pictures against a sentence, a picture or both");
  add_database(command, arguments->database);
  add_model(command, arguments->model);
  command->add_option("-k", arguments->top_k, "Number of results [10]")
      ->option_text("N")
      ->check(CLI::Range(1, 1'000'000));
  command->add_flag("--json", arguments->json, "Print one JSON object per line: rank, score, path, strength");
  command->add_option("--links", arguments->links, "Create links to the results in this folder; 0.jpg is the best")
      ->option_text("DIR");
  command->add_option("--image", arguments->image, "Search with this picture; it is added to QUERY with weight 1")
      ->option_text("FILE");
  CLI::Option* query = add_positionals(command, "QUERY", "What the pictures should show, in one argument");
  query->option_text("QUERY");
  command->footer(
      "QUERY is a sentence, or several terms joined by + and - with spaces around them, such as\n"
      "\"2*beach + photo.jpg - people\". A term with the extension of a picture is a file; item:17 is a stored\n"
      "picture. A term in double quotes is always text, and the hyphen in t-shirt is not an operator.\n"
      "docs/query.md describes the grammar.\n"
      "\n"
      "The score is the cosine between query and picture. The strength (strong, fair or weak) compares it with\n"
      "the scores of neutral queries in this library. --links replaces only links that clipseek made.\n"
      "\n"
      "Examples:\n"
      "  clipseek search \"a dog on a sofa\"\n"
      "  clipseek search -k 50 --json \"a red car\" | jq -r .path\n"
      "  clipseek search \"2*a chair + sofa.jpg - wood\"\n"
      "  clipseek search --image chair.jpg \"the same in blue\" --links result");
  command->callback([arguments, query, &chosen] {
    set_query(query->results(), "search", arguments->query, arguments->image);
    chosen = [arguments](const Console& console) { return run_search(*arguments, console); };
  });
}

// CLI11 stores the values of each option separately; parse_order() has the order on the command line.
std::vector<EncodeInput> inputs_in_order(const CLI::App& command, const CLI::Option* images, const CLI::Option* texts) {
  std::vector<EncodeInput> inputs;
  std::size_t image = 0;
  std::size_t text = 0;
  for (const CLI::Option* option : command.parse_order()) {
    if (option == images) inputs.push_back({true, images->results().at(image++)});
    if (option == texts) inputs.push_back({false, texts->results().at(text++)});
  }
  return inputs;
}

void add_encode(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<EncodeArguments>();
  CLI::App* command = app.add_subcommand("encode", "Print the feature vectors of pictures and texts");
  add_model(command, arguments->model);
  add_precision(command, arguments->model);
  command->add_flag("--json", arguments->json, "Print one JSON object per line, with the whole vector");
  CLI::Option* images = add_repeated_option(command, "--image", "FILE", "A picture; may be given several times");
  CLI::Option* texts = add_repeated_option(command, "--text", "TEXT", "A text; may be given several times");
  command->footer(
      "The vectors have length 1 and are printed in the order of the inputs.\n"
      "\n"
      "Examples:\n"
      "  clipseek encode --image cat.jpg --text \"a cat\" --text \"a dog\"\n"
      "  clipseek encode --json --text \"a cat\" | jq .feature");
  command->callback([arguments, command, images, texts, &chosen] {
    arguments->inputs = inputs_in_order(*command, images, texts);
    if (arguments->inputs.empty()) {
      throw Error(ErrorCode::kInvalidArgument, "nothing to encode: give --image FILE or --text TEXT");
    }
    chosen = [arguments](const Console& console) { return run_encode(*arguments, console); };
  });
}

void add_tokenize(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<TokenizeArguments>();
  CLI::App* command = app.add_subcommand("tokenize", "Print the model's token ids of texts");
  add_model(command, arguments->model);
  command->add_flag("--json", arguments->json, "Print one JSON object per line: text, ids");
  CLI::Option* texts = add_positionals(command, "TEXT", "The texts");
  texts->required()->option_text("TEXT...");
  command->footer("Example:\n  clipseek tokenize \"a dog on a sofa\"");
  command->callback([arguments, texts, &chosen] {
    arguments->texts = texts->results();
    chosen = [arguments](const Console& console) { return run_tokenize(*arguments, console); };
  });
}

void add_info(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* command = app.add_subcommand("info", "Describe the model and the database");
  add_database(command, arguments->database);
  add_model(command, arguments->model);
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->footer("Example:\n  clipseek info --db work.db");
  command->callback(
      [arguments, &chosen] { chosen = [arguments](const Console& console) { return run_info(*arguments, console); }; });
}

void add_bench(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<BenchArguments>();
  CLI::App* command = app.add_subcommand("bench", "Measure the speed of the model on this machine");
  add_model(command, arguments->model);
  add_precision(command, arguments->model);
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->footer("Example:\n  clipseek bench --model ~/models/clip-vit-base-patch32 --precision f32");
  command->callback([arguments, &chosen] {
    chosen = [arguments](const Console& console) { return run_bench_command(*arguments, console); };
  });
}

void add_serve(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<ServeArguments>();
  CLI::App* command = app.add_subcommand("serve", "Serve the search page and the HTTP API");
  add_database(command, arguments->database);
  add_model(command, arguments->model);
  command->add_option("--host", arguments->host, "The address to listen on [127.0.0.1]; any other needs a token")
      ->option_text("ADDRESS");
  command->add_option("--port", arguments->port, "The port, or 0 for any free port [8000]")
      ->option_text("N")
      ->check(CLI::Range(0, 65535));
  CLI::Option* roots = add_repeated_option(command, "--root", "DIR", "A folder that may be indexed from the page");
  command->add_option("--results", arguments->results, "Also show this folder of links (search --links, clip_manage)")
      ->option_text("DIR");
  command->add_option("--token-file", arguments->token_file, "A file with the token that clients must send")
      ->option_text("FILE");
  command->add_option("--token", arguments->token, "The token itself; other users of the machine can see it")
      ->option_text("TOKEN");
  CLI::Option* hosts =
      add_repeated_option(command, "--allow-host", "NAME", "A host name of this server besides its address");
  command->footer(
      "The command prints the address of the page; docs/http-api.md describes the API. Only pictures in the\n"
      "database are served. The token can also be given in $CLIPSEEK_TOKEN. There is no encryption: use a TLS\n"
      "proxy in networks that you do not trust.\n"
      "\n"
      "Examples:\n"
      "  clipseek serve --root ~/Pictures\n"
      "  clipseek serve --host 0.0.0.0 --token-file token.txt --allow-host photos.example");
  command->callback([arguments, roots, hosts, &chosen] {
    for (const std::string& root : roots->results()) arguments->roots.emplace_back(root);
    arguments->allowed_hosts = hosts->results();
    chosen = [arguments](const Console& console) { return run_serve(*arguments, console); };
  });
}

using ModelNameCommand = int (*)(const ModelNameArguments&, const Console&);

void add_model_command(CLI::App* model, Command& chosen, const std::string& name, const std::string& about,
                       ModelNameCommand run) {
  auto arguments = std::make_shared<ModelNameArguments>();
  CLI::App* command = model->add_subcommand(name, about);
  CLI::Option* which = command->add_option("NAME", arguments->name, "A listed name, or owner/name[@revision]");
  which->option_text("NAME");
  if (name != "verify") which->required();
  command->add_flag("--json", arguments->json, "Print one JSON object per line");
  command->callback([arguments, run, &chosen] {
    chosen = [arguments, run](const Console& console) { return run(*arguments, console); };
  });
}

void add_models(CLI::App& app, Command& chosen) {
  CLI::App* model = app.add_subcommand("model", "List, download and check published models");
  model->require_subcommand(1);
  model->footer(
      "Models are downloaded from the Hugging Face hub into its cache, which Python packages use as well.\n"
      "HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE and HF_HUB_OFFLINE are honoured.\n"
      "\n"
      "Examples:\n"
      "  clipseek model list\n"
      "  clipseek model pull clip-vit-base-patch32\n"
      "  clipseek search --model clip-vit-base-patch32 \"a dog on a sofa\"");
  auto arguments = std::make_shared<ModelListArguments>();
  CLI::App* list = model->add_subcommand("list", "List the known models and those on this machine");
  list->add_flag("--json", arguments->json, "Print one JSON object per line");
  list->callback([arguments, &chosen] {
    chosen = [arguments](const Console& console) { return run_model_list(*arguments, console); };
  });
  add_model_command(model, chosen, "pull", "Download a model, or its missing files", run_model_pull);
  add_model_command(model, chosen, "verify", "Check the files of a model, or of all models", run_model_verify);
  add_model_command(model, chosen, "path", "Print the folder of a model", run_model_path);
}

// CLI11 reports a missing argument even if the cause is an argument that looks like an option; this function names that
// argument instead.
std::string parse_error_message(const CLI::App& app, const CLI::Error& error) {
  for (const std::string& argument : app.remaining(true)) {
    if (argument.size() < 2 || argument.front() != '-') continue;
    return "there is no option " + argument + "; an argument that begins with - goes after --";
  }
  return error.what();
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app(kAbout, "clipseek");
  app.formatter(std::make_shared<HelpFormatter>());  // subcommands inherit it when they are added
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  Command chosen;
  app.set_version_flag("--version", "clipseek " + std::string(version()), "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.require_subcommand(0, 1);
  app.group("Commands");  // subcommands inherit this heading
  app.footer(kEpilogue);
  add_index(app, chosen);
  add_search(app, chosen);
  add_encode(app, chosen);
  add_tokenize(app, chosen);
  add_info(app, chosen);
  add_bench(app, chosen);
  add_serve(app, chosen);
  add_launch(app, chosen);
  add_ask(app, chosen);
  add_models(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {
    std::ostringstream text;
    app.exit(request, text, text);
    return [text = text.str()](const Console& console) {
      console.out << text;
      return 0;
    };
  } catch (const CLI::Error& error) {
    auto given = app.get_subcommands();
    std::string command = given.empty() ? "clipseek" : "clipseek " + given.front()->get_name();
    throw Error(ErrorCode::kInvalidArgument, parse_error_message(app, error) + " (see '" + command + " --help')");
  }
  if (chosen) return chosen;
  return [help = app.help()](const Console& console) {
    console.err << help;
    return error_info(ErrorCode::kInvalidArgument).exit_status;
  };
}

}  // namespace clipseek::cli
