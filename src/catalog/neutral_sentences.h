// Neutral sentences: unspecific ones, and ones about many everyday things. Together, they score like a query that is
// unrelated to the library. docs/search-scores.md describes how they are used. Internal to catalog/.
#pragma once

namespace clipseek::catalog {

inline constexpr const char* kNeutralEnglish[] = {
    "a picture",
    "an image of something",
    "a photo",
    "a drawing",
    "something",
    "a view",
    "an object",
    "a scene",
    "a close-up",
    "things",
    "a person",
    "a man and a woman",
    "a child playing",
    "a group of people",
    "a face",
    "a hand",
    "a dog",
    "a bird",
    "an animal in the grass",
    "a fish",
    "an insect",
    "a tree",
    "flowers",
    "a mountain",
    "the sea",
    "the sky with clouds",
    "snow",
    "night lights",
    "a field",
    "a street in a city",
    "a building",
    "a room with furniture",
    "a kitchen",
    "a bridge",
    "food on a plate",
    "a drink in a glass",
    "fruit",
    "a car",
    "a train",
    "an airplane",
    "a boat on the water",
    "clothes",
    "a tool",
    "a phone",
    "a computer screen",
    "a book",
    "a sign with text",
    "a chart",
    "a map",
    "a toy",
    "sport",
    "a musical instrument",
    "a machine",
};

inline constexpr const char* kNeutralChinese[] = {
    "\u4E00\u5F20\u56FE\u7247",              // a picture
    "\u4E00\u5F20\u7167\u7247",              // a photo
    "\u4E00\u5E45\u753B",                    // a painting
    "\u67D0\u4E2A\u4E1C\u897F",              // something
    "\u4E00\u4E2A\u7269\u4F53",              // an object
    "\u4E00\u4E2A\u573A\u666F",              // a scene
    "\u4E00\u4E2A\u4EBA",                    // a person
    "\u4E00\u7FA4\u4EBA",                    // a group of people
    "\u5B69\u5B50\u5728\u73A9",              // a child playing
    "\u4E00\u5F20\u8138",                    // a face
    "\u4E00\u53EA\u624B",                    // a hand
    "\u4E00\u53EA\u72D7",                    // a dog
    "\u4E00\u53EA\u9E1F",                    // a bird
    "\u8349\u5730\u4E0A\u7684\u52A8\u7269",  // an animal in the grass
    "\u4E00\u6761\u9C7C",                    // a fish
    "\u6606\u866B",                          // an insect
    "\u4E00\u68F5\u6811",                    // a tree
    "\u82B1",                                // flowers
    "\u5C71",                                // a mountain
    "\u5927\u6D77",                          // the sea
    "\u5929\u7A7A\u548C\u4E91",              // the sky with clouds
    "\u96EA",                                // snow
    "\u591C\u666F",                          // a view at night
    "\u57CE\u5E02\u8857\u9053",              // a street in a city
    "\u5EFA\u7B51\u7269",                    // a building
    "\u6709\u5BB6\u5177\u7684\u623F\u95F4",  // a room with furniture
    "\u53A8\u623F",                          // a kitchen
    "\u6865",                                // a bridge
    "\u76D8\u5B50\u91CC\u7684\u98DF\u7269",  // food on a plate
    "\u4E00\u676F\u996E\u6599",              // a drink in a glass
    "\u6C34\u679C",                          // fruit
    "\u6C7D\u8F66",                          // a car
    "\u706B\u8F66",                          // a train
    "\u98DE\u673A",                          // an airplane
    "\u6C34\u4E0A\u7684\u8239",              // a boat on the water
    "\u8863\u670D",                          // clothes
    "\u5DE5\u5177",                          // a tool
    "\u624B\u673A",                          // a phone
    "\u7535\u8111\u5C4F\u5E55",              // a computer screen
    "\u4E66",                                // a book
    "\u5E26\u6587\u5B57\u7684\u6807\u5FD7",  // a sign with text
    "\u56FE\u8868",                          // a chart
    "\u5730\u56FE",                          // a map
    "\u73A9\u5177",                          // a toy
    "\u8FD0\u52A8",                          // sport
    "\u4E50\u5668",                          // a musical instrument
    "\u673A\u5668",                          // a machine
};

}  // namespace clipseek::catalog
