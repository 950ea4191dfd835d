package dev.bulwark.nn.checkpoint;

import dev.bulwark.nn.text.Tokenizer;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model on disk: configuration, weights and tokenizer, whatever the file format.
 *
 * <p>The files stay mapped until {@link #close}; tensors that were read stay valid afterwards. May
 * be shared by threads.
 */
public final class Checkpoint implements AutoCloseable {
  private final String name;
  private final Config config;
  private final Weights weights;
  private final Source<Tokenizer> tokenizerSource;
  private final Source<Map<String, String>> digestSource;
  private final AutoCloseable files;
  private boolean closed;
  private @Nullable Tokenizer tokenizer;
  private @Nullable Map<String, String> digests;

  /** Something that is read from files. */
  @FunctionalInterface
  interface Source<T> {
    T read() throws IOException;
  }

  Checkpoint(
      String name,
      Config config,
      Weights weights,
      Source<Tokenizer> tokenizer,
      Source<Map<String, String>> digests,
      AutoCloseable files) {
    this.name = name;
    this.config = config;
    this.weights = weights;
    this.tokenizerSource = tokenizer;
    this.digestSource = digests;
    this.files = files;
  }

  /** What the model is called: its folder, file, coordinates or short name. */
  public String name() {
    return name;
  }

  /** What the model looks like. */
  public Config config() {
    return config;
  }

  /** All tensors under the names of the file, for example with a leading {@code bert.}. */
  public Weights weights() {
    return weights;
  }

  /**
   * The tensors of the encoder, whether or not the model was saved with a head: without the
   * family's name in front, for example {@code embeddings.word_embeddings.weight}.
   *
   * @return the weights under {@code bert.} (or what the model type says) if there are such, else
   *     all weights
   */
  public Weights encoder() {
    String prefix = config.modelType();
    return weights.names().stream().anyMatch(n -> n.startsWith(prefix + "."))
        ? weights.under(prefix)
        : weights;
  }

  /**
   * The tokenizer the model was trained with, read at the first call.
   *
   * @return the tokenizer
   * @throws IOException if its files cannot be read
   * @throws IllegalArgumentException if there are none, they are not of a known form, or they have
   *     more tokens than the model
   */
  public synchronized Tokenizer tokenizer() throws IOException {
    Tokenizer t = tokenizer;
    if (t == null) {
      checkOpen();
      t = tokenizerSource.read();
      if (t.vocabulary().size() > config.vocabSize()) {
        throw CheckpointException.at(
            name,
            "the tokenizer has %d tokens but vocab_size is %d; do they belong together?"
                .formatted(t.vocabulary().size(), config.vocabSize()));
      }
      tokenizer = t;
    }
    return t;
  }

  /**
   * What identifies the model in a report, computed at the first call.
   *
   * @return for each file its digest, such as {@code sha256:0f3a...}
   * @throws IOException if a file cannot be read
   */
  public synchronized Map<String, String> digests() throws IOException {
    Map<String, String> d = digests;
    if (d == null) {
      checkOpen();
      d = Collections.unmodifiableMap(new TreeMap<>(digestSource.read()));
      digests = d;
    }
    return d;
  }

  /**
   * Lets go of the files; nothing can be read afterwards. A second call does nothing.
   *
   * @throws IOException if a file cannot be closed
   */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        files.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("cannot close the files of '" + name + "'", e);
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the checkpoint '" + name + "' was closed");
    }
  }

  @Override
  public String toString() {
    return "Checkpoint[" + name + "]";
  }
}
