package dev.bulwark.robust.data;

import java.io.FileNotFoundException;
import java.io.InputStream;

/**
 * The committed sample of DBpedia-14 that {@code bulwark demo} trains on and attacks.
 *
 * <p>First sentences of encyclopedia articles in 14 classes. Origin, licence (CC BY-SA 3.0) and
 * what was changed stand in {@code README.md} beside the files.
 */
public final class DemoData {
  private static final String FOLDER = "/dev/bulwark/robust/demo/";

  private DemoData() {}

  /**
   * Examples to train on.
   *
   * @return the corpus
   */
  public static Corpus train() {
    return resource("train.tsv");
  }

  /**
   * Examples to choose the best epoch by.
   *
   * @return the corpus
   */
  public static Corpus dev() {
    return resource("dev.tsv");
  }

  /**
   * Examples to attack.
   *
   * @return the corpus
   */
  public static Corpus test() {
    return resource("test.tsv");
  }

  /**
   * The bytes of a file.
   *
   * @param file "train.tsv", "dev.tsv" or "test.tsv"
   * @return its bytes, to be closed
   * @throws FileNotFoundException if the class path lacks it
   */
  public static InputStream open(String file) throws FileNotFoundException {
    InputStream in = DemoData.class.getResourceAsStream(FOLDER + file);
    if (in == null) {
      throw new FileNotFoundException("the class path lacks " + FOLDER + file);
    }
    return in;
  }

  private static Corpus resource(String file) {
    return Corpus.of("demo/" + file, () -> open(file));
  }
}
