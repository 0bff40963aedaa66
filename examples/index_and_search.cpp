// Indexes the pictures below a folder, then searches them.
//
//   index_and_search ~/Pictures "a dog on a sofa"
//
// The database is pictures.db in the current folder. A second run encodes only pictures that are new or changed.
#include <clipseek/catalog.h>
#include <clipseek/model.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: index_and_search FOLDER QUERY\n";
    return 2;
  }
  try {
    auto model = clipseek::Model::open(clipseek::locate_model());
    clipseek::Catalog catalog("pictures.db", *model, clipseek::OpenMode::kCreate);

    clipseek::IndexOptions options;
    options.paths = {argv[1]};
    // A bad picture does not stop the run: it is reported here, and the others are stored.
    options.failure = [](const clipseek::IndexFailure& failure) { std::cerr << failure.message << '\n'; };
    clipseek::IndexReport report = catalog.index(options);
    std::cerr << report.added << " added, " << report.total << " pictures in pictures.db\n";

    // A query may also mix words and pictures: "2*night + photo.jpg - people".
    clipseek::Embedding query = catalog.embed(clipseek::parse_query(argv[2]));
    for (const clipseek::SearchHit& hit : catalog.search(query, 5)) {
      std::cout << hit.score << ' ' << hit.path << '\n';
    }
  } catch (const clipseek::Error& error) {
    std::cerr << "index_and_search: " << error.what() << '\n';
    return 1;
  }
}
