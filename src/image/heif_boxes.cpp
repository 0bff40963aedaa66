#include "image/heif_boxes.h"

#include <optional>
#include <string>

namespace clipseek::image {
namespace {

struct VersionFlags {
  int version = 0;
  std::uint32_t flags = 0;
};

VersionFlags read_version(ByteReader& reader) {
  const std::uint32_t word = reader.u32();
  return {static_cast<int>(word >> 24), word & 0xFFFFFF};
}

class BoxReader {
 public:
  explicit BoxReader(const PictureSource& source) : source_(source) {}

  HeifBoxes read() {
    const Bytes meta = only_box(source_.bytes, four_cc("meta"));
    const Bytes content = meta.subspan(std::min<std::size_t>(meta.size(), 4));  // after version and flags
    if (const auto idat = find_box(content, four_cc("idat"))) idat_ = *idat;
    read_primary(only_box(content, four_cc("pitm")));
    read_items(only_box(content, four_cc("iinf")));
    read_locations(only_box(content, four_cc("iloc")));
    if (const auto iref = find_box(content, four_cc("iref"))) read_references(*iref);
    const Bytes iprp = only_box(content, four_cc("iprp"));
    boxes_.properties = split(only_box(iprp, four_cc("ipco")));
    for (const HeifBox& box : split(iprp))
      if (box.type == four_cc("ipma")) read_associations(box.content);
    return std::move(boxes_);
  }

 private:
  [[noreturn]] void broken(const std::string& why) const { throw_corrupt(source_, why); }

  void require(const ByteReader& reader) const {
    if (!reader.ok()) broken("a box ends too early");
  }

  std::vector<HeifBox> split(Bytes bytes) const {
    std::vector<HeifBox> boxes;
    ByteReader reader(bytes, ByteOrder::kBig);
    while (reader.remaining() > 0) {
      std::uint64_t size = reader.u32();
      std::uint64_t header = 8;
      const std::uint32_t type = reader.u32();
      if (size == 1) {
        size = reader.u64();
        header = 16;
      } else if (size == 0) {  // the box extends to the end
        size = header + reader.remaining();
      }
      if (size < header) broken("a box has no size");
      boxes.push_back({type, reader.take(size - header)});
      require(reader);
    }
    return boxes;
  }

  // Refuses a second box of the same type: libheif might use that one, which would not have been checked.
  std::optional<Bytes> find_box(Bytes bytes, std::uint32_t type) const {
    std::optional<Bytes> found;
    for (const HeifBox& box : split(bytes)) {
      if (box.type != type) continue;
      if (found) broken("a box occurs twice");
      found = box.content;
    }
    return found;
  }

  Bytes only_box(Bytes bytes, std::uint32_t type) const {
    const auto found = find_box(bytes, type);
    if (!found) broken("a box is missing");
    return *found;
  }

  void read_primary(Bytes pitm) {
    ByteReader reader(pitm, ByteOrder::kBig);
    const bool wide = read_version(reader).version > 0;
    boxes_.primary = wide ? reader.u32() : reader.u16();
    require(reader);
  }

  void read_items(Bytes iinf) {
    ByteReader reader(iinf, ByteOrder::kBig);
    const bool wide = read_version(reader).version > 0;
    reader.take(wide ? 4 : 2);  // the number of entries
    for (const HeifBox& box : split(reader.take(reader.remaining()))) {
      if (box.type != four_cc("infe")) continue;
      ByteReader entry(box.content, ByteOrder::kBig);
      const int version = read_version(entry).version;
      if (version < 2) continue;  // not an image
      const std::uint32_t id = version > 2 ? entry.u32() : entry.u16();
      entry.u16();
      const std::uint32_t type = entry.u32();
      require(entry);
      if (!boxes_.items.emplace(id, HeifItem{type, {}, {}}).second) broken("an item occurs twice");
    }
    require(reader);
  }

  void read_references(Bytes iref) {
    ByteReader reader(iref, ByteOrder::kBig);
    const bool wide = read_version(reader).version > 0;
    for (const HeifBox& box : split(reader.take(reader.remaining()))) {
      ByteReader entry(box.content, ByteOrder::kBig);
      HeifReference reference{box.type, wide ? entry.u32() : entry.u16(), {}};
      for (int left = entry.u16(); left > 0 && entry.ok(); --left)
        reference.to.push_back(wide ? entry.u32() : entry.u16());
      require(entry);
      boxes_.references.push_back(std::move(reference));
    }
  }

  void read_associations(Bytes ipma) {
    ByteReader reader(ipma, ByteOrder::kBig);
    const auto [version, flags] = read_version(reader);
    const bool wide_index = (flags & 1) != 0;
    for (std::uint32_t left = reader.u32(); left > 0 && reader.ok(); --left) {
      const std::uint32_t id = version > 0 ? reader.u32() : reader.u16();
      for (int more = reader.u8(); more > 0 && reader.ok(); --more) {
        const std::size_t index = wide_index ? reader.u16() & 0x7FFFU : reader.u8() & 0x7FU;  // from 1; 0: no property
        const auto item = boxes_.items.find(id);
        if (index == 0 || item == boxes_.items.end()) continue;
        if (index > boxes_.properties.size()) broken("an item refers to a missing property");
        item->second.properties.push_back(index - 1);
      }
    }
    require(reader);
  }

  void read_locations(Bytes iloc) {
    ByteReader reader(iloc, ByteOrder::kBig);
    const int version = read_version(reader).version;
    const std::size_t sizes = reader.u16();  // four numbers of 4 bits
    const std::size_t index_size = version > 0 ? sizes & 15 : 0;
    for (std::uint32_t left = version < 2 ? reader.u16() : reader.u32(); left > 0 && reader.ok(); --left) {
      const std::uint32_t id = version < 2 ? reader.u16() : reader.u32();
      const int method = version > 0 ? reader.u16() & 15 : 0;  // 0: in the file, 1: in "idat", 2: in another item
      reader.u16();
      const std::uint64_t base = reader.number(sizes >> 4 & 15);
      const auto item = boxes_.items.find(id);
      std::uint64_t total = 0;
      for (int more = reader.u16(); more > 0 && reader.ok(); --more) {
        reader.number(index_size);
        const std::uint64_t offset = reader.number(sizes >> 12);
        const std::uint64_t length = reader.number(sizes >> 8 & 15);
        if (item == boxes_.items.end() || method > 1) continue;
        item->second.extents.push_back(extent(method == 0 ? source_.bytes : idat_, base, offset, length));
        total += item->second.extents.back().size();
        if (total > source_.bytes.size()) broken("an item is longer than the file");
      }
    }
    require(reader);
  }

  Bytes extent(Bytes from, std::uint64_t base, std::uint64_t offset, std::uint64_t length) const {
    const std::uint64_t size = from.size();
    if (base > size || offset > size - base || length > size - base - offset) broken("it ends too early");
    return from.subspan(static_cast<std::size_t>(base + offset), static_cast<std::size_t>(length));
  }

  const PictureSource& source_;
  Bytes idat_;
  HeifBoxes boxes_;
};

}  // namespace

HeifBoxes read_heif_boxes(const PictureSource& source) {
  return BoxReader(source).read();
}

HeifSize heif_size(Bytes ispe) {
  ByteReader reader(ispe, ByteOrder::kBig);
  reader.u32();  // version and flags
  const std::uint32_t width = reader.u32();
  return {width, reader.u32()};
}

void check_heif_sizes(const PictureSource& source, const HeifBoxes& boxes) {
  for (const HeifBox& property : boxes.properties) {
    if (property.type != four_cc("ispe")) continue;
    const HeifSize size = heif_size(property.content);
    check_size(source, size.width, size.height);
  }
}

}  // namespace clipseek::image
