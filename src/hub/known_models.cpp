#include "hub/known_models.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace clipseek::hub {
namespace {

// Only repositories whose safetensors file was seen at that commit; docs/models.md, "Where the facts are from".
constexpr std::array kModels = {
    KnownModel{"tinyclip-vit-8m-16", "wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M",
               "a2a8c6eaa2549ad66eb7c31b85022bf58273a26c", ModelFamily::kClip, 93'812'468, 224, 512, "English", "MIT",
               "a robot or a small computer; a quick trial"},
    // Its main branch has only a pickle; this commit is the head of refs/pr/66, the hub's own conversion.
    KnownModel{"clip-vit-base-patch32", "openai/clip-vit-base-patch32", "c237dc49a33fc61debc9276459120b7eac67e7ef",
               ModelFamily::kClip, 605'157'884, 224, 512, "English", "MIT (code)",
               "the usual first CLIP: fast, and what others compare with"},
    KnownModel{"clip-vit-large-patch14", "openai/clip-vit-large-patch14", "32bd64288804d66eefd0ccbe215aa642df71cc41",
               ModelFamily::kClip, 1'710'540'580, 224, 768, "English", "MIT (code)", "better answers, slower"},
    KnownModel{"clip-vit-b-32-laion2b", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
               "1a25a446712ba5ee05982a381eed697ef9b435cf", ModelFamily::kOpenClip, 605'143'316, 224, 512, "English",
               "MIT", "as fast as clip-vit-base-patch32, finds more"},
    KnownModel{"clip-vit-h-14-laion2b", "laion/CLIP-ViT-H-14-laion2B-s32B-b79K",
               "1c2b8495b28150b8a4922ee1c8edee224c284c0c", ModelFamily::kOpenClip, 3'944'517'836, 224, 1024, "English",
               "MIT", "the best open_clip answers here; slow without many cores"},
    KnownModel{"siglip-base-patch16-224", "google/siglip-base-patch16-224", "7fd15f0689c79d79e38b1c2e2e2370a7bf2761ed",
               ModelFamily::kSiglip, 812'672'320, 224, 768, "English", "Apache-2.0", "good answers at a moderate size"},
    KnownModel{"siglip-so400m-patch14-384", "google/siglip-so400m-patch14-384",
               "9fdffc58afc957d1a03a25b10dba0329ab15c2a3", ModelFamily::kSiglip, 3'511'950'624, 384, 1152, "English",
               "Apache-2.0", "small details in pictures; slow"},
    KnownModel{"siglip2-base-patch16-224", "google/siglip2-base-patch16-224",
               "75de2d55ec2d0b4efc50b3e9ad70dba96a7b2fa2", ModelFamily::kSiglip, 1'500'800'904, 224, 768,
               "over 100 languages", "Apache-2.0", "searching in one's own language"},
    KnownModel{"siglip2-so400m-patch14-384", "google/siglip2-so400m-patch14-384",
               "e8e487298228002f3d8a82e0cd5c8ea9c567f57f", ModelFamily::kSiglip, 4'544'143'072, 384, 1152,
               "over 100 languages", "Apache-2.0", "the best answers in many languages; slow"},
    // The main branches of both have only a pickle; these commits are the hub's own conversions.
    KnownModel{"chinese-clip-vit-base-patch16", "OFA-Sys/chinese-clip-vit-base-patch16",
               "f4a64596bbcf9a2a94591b74b9dc39b2e4e77e3e", ModelFamily::kChineseClip, 753'000'000, 224, 512, "Chinese",
               "MIT (code)", "searching in Chinese"},
    KnownModel{"chinese-clip-vit-large-patch14", "OFA-Sys/chinese-clip-vit-large-patch14",
               "e84ea94303a56200300792613c510894a4c6f9f5", ModelFamily::kChineseClip, 1'630'000'000, 224, 768,
               "Chinese", "MIT (code)", "searching in Chinese, better answers, slower"},
};

}  // namespace

std::span<const KnownModel> known_models() {
  return kModels;
}

const KnownModel* find_known_model(std::string_view name) {
  const auto* found = std::find_if(kModels.begin(), kModels.end(), [&](const KnownModel& model) {
    return base::equal_ignoring_case(model.name, name);
  });
  return found == kModels.end() ? nullptr : found;
}

std::string_view family_name(ModelFamily family) {
  switch (family) {
    case ModelFamily::kClip:
      return "CLIP";
    case ModelFamily::kOpenClip:
      return "open_clip";
    case ModelFamily::kSiglip:
      return "SigLIP";
    case ModelFamily::kChineseClip:
      return "Chinese-CLIP";
  }
  return "";
}

}  // namespace clipseek::hub
