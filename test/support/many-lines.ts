export { type ManyLines, manyLinesText } from '../../bench/many-lines.ts';
