/** What an exercise is scored by that no page asks for in this form. */

export const warningsLike = `
select text from warning where exhibit = $exhibit and starts_with(code, $code) order by source_path, source_offset, text`;

/** Indicators that were taken back, by the number of the report they stood on. */
export const withdrawnIndicators = `
select account, text from indicator
where standing = 'withdrawn' and contains(text, $reference) order by account, pointer, text`;
