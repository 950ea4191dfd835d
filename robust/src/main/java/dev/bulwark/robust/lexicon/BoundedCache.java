package dev.bulwark.robust.lexicon;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** A map that forgets the least recently used entry when full. Values are computed unlocked. */
final class BoundedCache<K, V> {
  private final Map<K, V> entries;

  BoundedCache(int limit) {
    this.entries =
        new LinkedHashMap<>(256, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > limit;
          }
        };
  }

  /** Two threads may both compute a missing value; as values are pure, either will do. */
  V get(K key, Function<? super K, ? extends V> compute) {
    synchronized (entries) {
      V known = entries.get(key);
      if (known != null) {
        return known;
      }
    }
    V value = compute.apply(key);
    synchronized (entries) {
      entries.put(key, value);
    }
    return value;
  }
}
