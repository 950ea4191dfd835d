package dev.bulwark.robust.attack;

/** An attack that needs no resources. */
record TestRecipe(Attack attack) implements AttackRecipe {
  @Override
  public String name() {
    return attack.name();
  }

  @Override
  public Attack build(AttackResources resources) {
    return attack;
  }
}
