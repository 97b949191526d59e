(* The bound for every tree of merges over every list of keys.

   A leaf is one key: its computed score, exponential and P. A node merges two trees: a rounded shift difference and a
   computed exponential for each, rounded products, and a rounded sum. Every operation may err as it likes within its
   relative error; the merged shift is the larger one. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Attest Require Import sums factors runs bound program.
Import ListNotations.
Open Scope R_scope.

Inductive computes (e : errors) : tree key -> state -> Prop :=
| computes_leaf k w p x : near (eps e) (exp 0) w -> near (u_p e) w p ->
    (forall c, near (u_n e) (p * value k c) (x c)) -> computes e (leaf k) (State (computed k) w x)
| computes_node ta a tb b m ra rb ya yb y xa xb x : computes e ta a -> computes e tb b ->
    m = Rmax (shift a) (shift b) -> shifted e (shift a) m ra -> shifted e (shift b) m rb ->
    near (u_d e) (l a * ra) ya -> near (u_d e) (l b * rb) yb -> near (u_d e) (ya + yb) y ->
    (forall c, near (u_n e) (o a c * ra) (xa c)) -> (forall c, near (u_n e) (o b c * rb) (xb c)) ->
    (forall c, near (u_n e) (xa c + xb c) (x c)) -> computes e (node ta tb) (State m y x).

Definition without_lag (e : errors) := Errors (u_s e) (eps e) (u_p e) (u_n e) (u_d e) 0.

Lemma computes_run e t a : nonnegative e -> computes e t a ->
  run (without_lag e) (depth t) (1 + 2 * depth t) (2 * depth t) (leaves t) a.
Proof.
  intros He. pose proof He as (?&?&?&?&?&?).
  induction 1 as [k w p x Hw Hp Hx | ta a tb b m ra rb ya yb y xa xb x Ha IHa Hb IHb Hm Hra Hrb Hya Hyb Hy Hxa Hxb Hx].
  - apply (one_key (without_lag e) k (computed k) w p x); auto; simpl; [lra|].
    exists 0. rewrite Rminus_eq_0. split; [apply near_self|]; assumption.
  - assert (shift a <= m) as Hma by (subst m; apply Rmax_l). assert (shift b <= m) as Hmb by (subst m; apply Rmax_r).
    pose proof (moved _ _ _ _ _ _ m ra ya xa IHa Hma Hra Hya Hxa) as HRa.
    pose proof (moved _ _ _ _ _ _ m rb yb xb IHb Hmb Hrb Hyb Hxb) as HRb.
    pose proof (joined _ _ _ _ _ _ _ _ _ _ _ y x HRa HRb eq_refl Hy Hx) as HR.
    simpl leaves. simpl depth.
    replace (S (Nat.max (depth ta) (depth tb))) with (Nat.max (S (depth ta)) (S (depth tb))) at 1 by lia.
    replace (1 + 2 * S (Nat.max (depth ta) (depth tb)))%nat
      with (S (Nat.max (S (1 + 2 * depth ta)) (S (1 + 2 * depth tb)))) by lia.
    replace (2 * S (Nat.max (depth ta) (depth tb)))%nat
      with (S (Nat.max (S (2 * depth ta)) (S (2 * depth tb)))) by lia.
    exact HR.
Qed.

Theorem tree_bound (e : errors) t a c :
  nonnegative e -> computes e t a -> Forall fits (leaves t) ->
  let p := softmax (leaves t) in
  let O := sum (fun k => p k * value k c) (leaves t) in
  let A k := exp (alpha k + u_s e * (shift a - computed k)) * (1 + eps e) ^ (1 + depth t) - 1 in
  let mu := (1 + u_p e) * (1 + u_n e) ^ (1 + 2 * depth t) - 1 in
  let nu := (1 + u_d e) ^ (2 * depth t) - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) (leaves t) in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) (leaves t) in
  D < 1 -> Rabs (o a c / l a - O) <= E / (1 - D).
Proof.
  intros He Ht Hfits. pose proof He as (?&?&?&?&?&?).
  apply (bound_within (without_lag e) (depth t) (1 + 2 * depth t) (2 * depth t)); auto using computes_run.
  - repeat split; simpl; auto; lra.
  - intros k _. apply Req_le. unfold drift; simpl. rewrite Rmult_0_r, Rplus_0_r. reflexivity.
Qed.

(* What an arithmetic over real numbers promises. *)
Record accurate (e : errors) (A : arithmetic R) : Prop := {
  max_exact : forall x y, max A x y = Rmax x y;
  sub_near : forall x y, near (u_s e) (x - y) (sub A x y);
  exponential_near : forall x, near (eps e) (exp x) (exponential A x);
  probability_near : forall x, near (u_p e) x (probability A x);
  add_near : forall x y, near (u_n e) (x + y) (add A x y) /\ near (u_d e) (x + y) (add A x y);
  mul_near : forall x y, near (u_n e) (x * y) (mul A x y) /\ near (u_d e) (x * y) (mul A x y) }.

Definition state_of (r : row R) := State (row_m r) (row_l r) (row_o r).

Lemma accurate_shifted e A x m : accurate e A -> shifted e x m (exponential A (sub A x m)).
Proof. intros HA. exists (sub A x m). split; apply HA. Qed.

(* The program keeps the promise of the theorem. *)
Theorem merge_tree_computes e A t : nonnegative e -> accurate e A ->
  computes e t (state_of (merge_tree A computed value t)).
Proof.
  intros He HA. pose proof He as (?&?&?&?&?&?). induction t as [k|a IHa b IHb].
  - simpl. unfold block. simpl. eapply computes_leaf; try (intros; apply HA).
    destruct (sub_near _ _ HA (computed k) (computed k)) as (d & _ & Hd).
    rewrite Rminus_eq_0, Rmult_0_l in Hd. rewrite Hd. apply HA.
  - simpl. unfold merge, state_of. simpl.
    eapply computes_node; [exact IHa|exact IHb|apply HA|..]; simpl; try (intros; apply accurate_shifted; exact HA);
      intros; apply HA.
Qed.
