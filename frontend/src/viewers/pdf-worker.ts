/*
 * Reads PDFs in a thread of its own. The page hands this script to the frame, and the frame starts it from there: it follows the frame's policy, so it
 * reaches no network either.
 */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
