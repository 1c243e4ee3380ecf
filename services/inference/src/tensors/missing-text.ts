/**
 * Stands for a missing text in tensors, which know none: a character that Unicode keeps free for such uses inside a program (U+FDD0), so
 * that the empty text, and every other, is only itself.
 */
export const missingText = '\ufdd0';
