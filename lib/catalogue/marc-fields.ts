/**
 * Which MARC 21 field becomes what: the one table to change for a catalogue with other customs.
 * "245ab" is field 245, subfields a and b; each field gives one value, its subfields joined in their order.
 * The formats are described at https://www.loc.gov/marc/bibliographic/.
 */
export const marcFields = {
  /** 245 Title Statement. */
  title: ["245anp"],
  titleWithoutA: ["245kfgb", "245c"],
  subtitle: ["245b"],
  responsibility: ["245c"],
  /** 130/240/730 uniform, 246 varying, 740 analytic titles; titles within name entries. */
  otherTitles: ["130anp", "240anp", "246abnp", "730anp", "740anp", "700tnp", "710tnp", "711tnp"],
  /** 1XX main entry: person, body, meeting. */
  mainAuthor: ["100abcq", "110ab", "111ac"],
  /** 7XX added entries. Which persons count as authors: `authorRoles`. */
  addedPersons: ["700abcq"],
  addedBodies: ["710ab", "711ac"],
  /** 020 ISBN: $a valid, $z cancelled or another edition's; 022 ISSN, 024 other identifiers. */
  isbns: ["020a"],
  numbers: ["020a", "020z", "022a", "024a"],
  edition: ["250ab"],
  /** 264 Production, Publication … (RDA) before 260. */
  publisher: ["264b", "260b"],
  publishedIn: ["264c", "260c"],
  extent: ["300a"],
  series: ["490av", "440anpv", "830anpv"],
  /** 6XX subjects; 653 uncontrolled, 655 genre and form. */
  subjects: [
    "600abcdqtvxyz",
    "610abtvxyz",
    "611abctvxyz",
    "630anpvxyz",
    "648avxyz",
    "650abvxyz",
    "651avxyz",
    "653a",
    "655avxyz",
  ],
  summary: ["520ab"],
  /** 500 general, 505 contents, 508/511 credits and cast, 521 audience, 546 language, 586 awards. */
  notes: ["500a", "505agrt", "508a", "511a", "521a", "546a", "586a"],
  /** 092 local Dewey, 082 Dewey, 099 local, 090 local LC, 050 LC. */
  callNumber: ["092ab", "082a", "099a", "090ab", "050ab"],
  language: ["041a"],
} as const;

/** Roles of a 700 entry that make its person an author here; an entry without a role counts too. */
export const authorRoles =
  /^(?:aut|author|joint author|co-?author|edt|editor|ill|illustrator|drt|director|film director|fmd|cmp|composer|art|artist|prf|performer|sng|singer|mus|musician|cre|creator|com|compiler|lyr|cartoonist)\b/iu;

/** Where a library system puts its items. */
export interface ItemField {
  tag: string;
  barcode: string;
  /** Subfields to look in, in this order. */
  branch: string;
  callNumber: string;
}

/** Koha's 952 ($b holding branch, $a home branch), then the standard 852. */
export const usualItemFields: ItemField[] = [
  { tag: "952", barcode: "p", branch: "ba", callNumber: "o" },
  { tag: "852", barcode: "p", branch: "bac", callNumber: "hk" },
];
