// Reads GPP strings, one a line, from standard input, and writes a JSON object for each, in the
// shape of `cargo run --example gpp -- decode`, so that the two readers can be compared:
// `{"sectionIds": [8], "sections": {"usca": {...}}}`, or `{"error": "..."}`. All reading is done by
// the reference library.

import process from "node:process";
import { createInterface } from "node:readline";

import { GppModel, HeaderV1, InvalidFieldError, Sections } from "@iabgpp/cmpapi";

/** Sections that the other reader gives as they stand, as this project does not write them. */
const UNREAD = new Set([1, 2, 5]);

/** The library's flags for a segment that may be missing, and what the fields say of it. */
const SEGMENTS = {
  GpcSegmentIncluded: { flag: "gpcSegment", fields: ["Gpc"] },
  SensitiveDataConsentSegmentIncluded: {
    flag: "sensitiveSegment",
    fields: ["SensitiveDataProcessing"],
  },
};

/** The segment's type says what it is, not what is in it. */
const SEGMENT_TYPE = "GpcSegmentType";

function read(text) {
  const [header, ...texts] = text.split("~");
  const sectionIds = new HeaderV1(header).getFieldValue("SectionIds");
  const model = new GppModel(text);
  const sections = {};
  const otherSections = {};
  sectionIds.forEach((id, index) => {
    const name = UNREAD.has(id) ? undefined : Sections.SECTION_ID_NAME_MAP.get(id);
    if (name === undefined) {
      otherSections[id] = texts[index];
    } else {
      sections[name] = fields(model, name);
    }
  });
  const others = Object.keys(otherSections).length > 0 ? { otherSections } : {};
  return { sectionIds, sections, ...others };
}

function fields(model, name) {
  const values = {};
  // The names come from the flat object, the values one by one: only so does the library leave out
  // the list places that version 1 of the national section has not.
  for (const field of Object.keys(model.getSection(name))) {
    if (field !== SEGMENT_TYPE) {
      values[field] = model.getFieldValue(name, field);
    }
  }
  for (const [included, segment] of Object.entries(SEGMENTS)) {
    const isThere = optional(model, name, included);
    if (isThere === undefined) {
      continue;
    }
    values[segment.flag] = isThere;
    if (!isThere) {
      segment.fields.forEach((field) => delete values[field]);
    }
  }
  return values;
}

/** A field that the section may not have; its own `hasField` does not tell for the flags. */
function optional(model, name, field) {
  try {
    return model.getFieldValue(name, field);
  } catch (error) {
    if (error instanceof InvalidFieldError) {
      return undefined;
    }
    throw error;
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    answer = read(line);
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
