// Encodes a sentence and a picture, and prints how well they match.
//
//   encode_both "two red hearts" hearts.jpg
#include <clipseek/model.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: encode_both SENTENCE PICTURE\n";
    return 2;
  }
  try {
    // Without a name locate_model() takes $CLIPSEEK_MODEL, or the small model that comes with clipseek.
    auto model = clipseek::Model::open(clipseek::locate_model());

    // Both become vectors of length 1 in one space; the closer their directions, the better they match.
    clipseek::Embedding sentence = model->encode_text(argv[1]);
    clipseek::EncodedImage picture = model->encode_image({.path = argv[2]});

    std::cout << sentence.size() << " numbers each, cosine " << clipseek::cosine(sentence, picture.embedding) << '\n';
  } catch (const clipseek::Error& error) {
    // The only exception that clipseek throws for bad input. Its message names the file or value.
    std::cerr << "encode_both: " << error.what() << '\n';
    return 1;
  }
}
