/**
 * Models in files: pre-trained weights in, fine-tuned models out.
 *
 * <p>Start at {@link dev.bulwark.nn.checkpoint.Models}, which opens a model by folder, jar, Maven
 * coordinates or short name and gives a {@link dev.bulwark.nn.checkpoint.Checkpoint}: {@link
 * dev.bulwark.nn.checkpoint.Config}, {@link dev.bulwark.nn.checkpoint.Weights} under Hugging Face
 * names, and a tokenizer. Three formats are read: a Hugging Face folder, the initialisers of an
 * ONNX file, and a TensorFlow bundle; one is written, the Hugging Face folder.
 *
 * <p>The readers trust nothing: whatever is wrong with a file ends in a {@link
 * dev.bulwark.nn.checkpoint.CheckpointException} that names file and rule, memory is never taken on
 * the word of an unchecked length, and nothing in a file is ever executed.
 *
 * <p>Not here: modules that use the weights, and checkpoints of a training in progress.
 */
@NullMarked
package dev.bulwark.nn.checkpoint;

import org.jspecify.annotations.NullMarked;
