// Watches pictures for sentences: prints each sentence's score for each frame, in the order of the frames' names.
//
//   watch_scores frames/ "an open door" "a closed door"
//
// The frames are the files of a folder, or one file. A program with a camera takes them from there instead.
#include <clipseek/model.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

namespace fs = std::filesystem;

static std::vector<fs::path> frames_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> frames;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file()) frames.push_back(entry.path());
  }
  std::sort(frames.begin(), frames.end());
  return frames;
}

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: watch_scores FRAME_OR_FOLDER SENTENCE...\n";
    return 2;
  }
  try {
    auto model = clipseek::Model::open(clipseek::locate_model());

    // The sentences stay the same, so they are encoded once, before the loop.
    const std::vector<std::string> sentences(argv + 2, argv + argc);
    std::vector<clipseek::Embedding> embeddings;
    for (const std::string& sentence : sentences) embeddings.push_back(model->encode_text(sentence));

    for (const fs::path& frame : frames_of(argv[1])) {
      try {
        // A frame that is in memory goes into `picture` (RGB pixels) or `bytes` (a JPEG, for example) instead.
        clipseek::EncodedImage image = model->encode_image({.path = frame});
        for (std::size_t i = 0; i < sentences.size(); ++i) {
          std::cout << frame.filename().string() << '\t' << clipseek::cosine(embeddings[i], image.embedding) << '\t'
                    << sentences[i] << '\n';
        }
      } catch (const clipseek::Error& error) {
        std::cerr << error.what() << '\n';  // this frame is skipped, the loop continues
      }
    }
  } catch (const std::exception& error) {
    std::cerr << "watch_scores: " << error.what() << '\n';
    return 1;
  }
}
