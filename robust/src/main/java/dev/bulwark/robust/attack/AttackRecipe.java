package dev.bulwark.robust.attack;

/**
 * A published attack with its settings, before it meets the resources it runs on. Records make good
 * recipes: {@code toString} must tell all settings, as logs are matched by it.
 */
public interface AttackRecipe {
  /** {@return what the attack is called in logs and reports} */
  String name();

  /**
   * Puts the attack together.
   *
   * @param resources lexicon and models
   * @return the attack
   * @throws IllegalArgumentException when a resource is missing or a setting senseless
   */
  Attack build(AttackResources resources);
}
