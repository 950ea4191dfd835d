package dev.bulwark.tensor.io;

import dev.bulwark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model in several safetensors files, described by {@code model.safetensors.index.json}: {@code
 * weight_map} says which file of the same folder holds which tensor. Every tensor is in exactly one
 * file, and in the one the map says.
 */
final class ShardedSafetensors implements TensorFile {
  private static final int MAX_INDEX_BYTES = 100_000_000;

  private final Path index;
  private final Map<String, Safetensors> shards = new LinkedHashMap<>(); // by file name
  private final Map<String, TensorInfo> infos = new LinkedHashMap<>();
  private final Map<String, Safetensors> holders = new LinkedHashMap<>(); // by tensor name
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private ShardedSafetensors(Path index) {
    this.index = index;
  }

  static ShardedSafetensors open(Path index) throws IOException {
    ShardedSafetensors set = new ShardedSafetensors(index);
    try {
      set.load(Json.read(index, MAX_INDEX_BYTES));
      return set;
    } catch (IOException | RuntimeException e) {
      set.close();
      throw e;
    }
  }

  private void load(Map<String, @Nullable Object> root) throws IOException {
    if (!(root.get("weight_map") instanceof Map<?, ?> map)) {
      throw broken(null, "has no object 'weight_map'");
    }
    for (Map.Entry<?, ?> e : map.entrySet()) {
      place(String.valueOf(e.getKey()), e.getValue());
    }
    for (Map.Entry<String, Safetensors> shard : shards.entrySet()) {
      for (String name : shard.getValue().tensors().keySet()) {
        Safetensors holder = holders.get(name);
        if (holder == null) {
          throw broken(name, "is in " + shard.getKey() + ", but not in the index");
        }
        if (holder != shard.getValue()) {
          throw broken(name, "is in two files; one is " + shard.getKey());
        }
      }
    }
    checkTotal(root.get("metadata"));
  }

  private void place(String name, @Nullable Object value) throws IOException {
    if (!(value instanceof String file)) {
      throw broken(name, "is mapped to " + Json.name(value) + ", not to a file name");
    }
    if (!isPlain(file)) {
      String quoted = TensorFileException.quote(file);
      throw broken(name, "is mapped to " + quoted + ", which is no plain file name");
    }
    Safetensors shard = shards.get(file);
    if (shard == null) {
      Path path = index.resolveSibling(file);
      if (!Files.isRegularFile(path)) {
        throw broken(name, "is mapped to " + file + ", which is not beside the index");
      }
      shard = Safetensors.openOne(path);
      shards.put(file, shard);
      shard.metadata().forEach(metadata::putIfAbsent);
    }
    TensorInfo info = shard.tensors().get(name);
    if (info == null) {
      throw broken(name, "is mapped to " + file + ", which does not have it");
    }
    infos.put(name, info);
    holders.put(name, shard);
  }

  /** Whether it names a file in the same folder, on any system. */
  private static boolean isPlain(String file) {
    return !file.isEmpty()
        && !file.equals(".")
        && !file.equals("..")
        && file.chars().noneMatch(c -> c < ' ' || "/\\:*?\"<>|".indexOf(c) >= 0);
  }

  private void checkTotal(@Nullable Object notes) throws TensorFileException {
    if (!(notes instanceof Map<?, ?> map) || !(map.get("total_size") instanceof Number total)) {
      return;
    }
    long bytes = shards.values().stream().mapToLong(Safetensors::dataBytes).sum();
    if (total.longValue() != bytes) {
      throw broken(null, "promises " + total + " bytes of tensors, but the files hold " + bytes);
    }
  }

  private TensorFileException broken(@Nullable String tensor, String problem) {
    return new TensorFileException(
        index, tensor, problem, "index and files do not belong together; fetch all of them again");
  }

  @Override
  public Map<String, TensorInfo> tensors() {
    return Collections.unmodifiableMap(infos);
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public Tensor read(String name) throws IOException {
    Safetensors holder = holders.get(name);
    if (holder == null) {
      throw Safetensors.noSuchTensor(index, name, infos);
    }
    return holder.read(name);
  }

  @Override
  public void close() {
    List<Safetensors> open = new ArrayList<>(shards.values());
    shards.clear();
    open.forEach(Safetensors::close);
  }
}
