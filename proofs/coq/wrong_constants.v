(* The bound is not loose by a constant: with a smaller one it is false.

   Each theorem refutes a statement that differs from tree_bound in one constant, by a computation that breaks it. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Attest Require Import sums factors runs bound program score_tree.
Import ListNotations.
Open Scope R_scope.

(* tree_bound with other constants: the errors A of the weights, and how many roundings numerator and denominator have. *)
Definition claim (growth : errors -> tree key -> state -> key -> R) (hN hD : tree key -> nat) :=
  forall (e : errors) t a c,
  nonnegative e -> computes e t a -> Forall fits (leaves t) ->
  let p := softmax (leaves t) in
  let O := sum (fun k => p k * value k c) (leaves t) in
  let A k := growth e t a k - 1 in
  let mu := (1 + u_p e) * (1 + u_n e) ^ hN t - 1 in
  let nu := (1 + u_d e) ^ hD t - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) (leaves t) in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) (leaves t) in
  D < 1 -> Rabs (o a c / l a - O) <= E / (1 - D).

Definition right_growth (e : errors) (t : tree key) a k :=
  exp (alpha k + u_s e * (shift a - computed k)) * (1 + eps e) ^ (1 + depth t).

Theorem right_constants : claim right_growth (fun t => 1 + 2 * depth t)%nat (fun t => 2 * depth t)%nat.
Proof. exact tree_bound. Qed.

Definition zero_score v := Key 0 0 0 (fun _ => v).

(* One rounding of the numerator fewer: a single key whose product is rounded. *)
Theorem one_rounding_fewer : ~ claim right_growth (fun t => 2 * depth t)%nat (fun t => 2 * depth t)%nat.
Proof.
  intros H. set (e := Errors 0 0 0 (1/2) 0 0).
  assert (computes e (leaf (zero_score 1)) (State 0 1 (fun _ => 3/2))) as Hc.
  { apply (computes_leaf e (zero_score 1) 1 1); simpl.
    - rewrite exp_0. apply near_self; lra.
    - apply near_self; lra.
    - intros _. exists (1/2). rewrite Rabs_pos_eq; lra. }
  specialize (H e _ _ 0%nat ltac:(repeat split; simpl; lra) Hc).
  simpl in H. unfold softmax, right_growth, fits in H. simpl in H.
  rewrite !Rminus_eq_0, ?Rmult_0_r, ?Rplus_0_r, exp_0, ?Rplus_0_r, ?Rmult_1_r in H.
  specialize (H ltac:(constructor; [rewrite Rminus_eq_0, Rabs_R0; simpl; lra|constructor])).
  replace (1 / 1) with 1 in H by field. rewrite ?Rmult_1_r, ?Rminus_eq_0, ?Rmult_0_l, ?Rplus_0_r in H.
  specialize (H ltac:(lra)). rewrite Rabs_pos_eq in H by lra. lra.
Qed.

(* Two keys of one score and values u, v, merged: weights wa, wb, factors fa, fb, sums of the denominator y. *)
Lemma two_keys (e : errors) u v wa wb fa fb ya yb y :
  nonnegative e -> u_p e = 0 -> u_n e = 0 -> near (eps e) 1 wa -> near (eps e) 1 wb -> near (eps e) 1 fa -> near (eps e) 1 fb ->
  near (u_d e) (wa * fa) ya -> near (u_d e) (wb * fb) yb -> near (u_d e) (ya + yb) y ->
  computes e (node (leaf (zero_score u)) (leaf (zero_score v)))
    (State 0 y (fun _ => wa * u * fa + wb * v * fb)).
Proof.
  intros (?&?&?&?&?&?) Hp Hn Hwa Hwb Hfa Hfb Hya Hyb Hy.
  apply (computes_node e _ (State 0 wa (fun _ => wa * u)) _ (State 0 wb (fun _ => wb * v)) 0 fa fb ya yb y
           (fun _ => wa * u * fa) (fun _ => wb * v * fb)); simpl; auto; try (intros; apply near_self; assumption).
  - apply (computes_leaf e (zero_score u) wa wa); simpl; [rewrite exp_0; assumption|..];
      intros; apply near_self; assumption.
  - apply (computes_leaf e (zero_score v) wb wb); simpl; [rewrite exp_0; assumption|..];
      intros; apply near_self; assumption.
  - symmetry. apply Rmax_left. lra.
  - exists 0. rewrite Rminus_eq_0, exp_0. split; [apply near_self|]; assumption.
  - exists 0. rewrite Rminus_eq_0, exp_0. split; [apply near_self|]; assumption.
Qed.

Lemma near_of u x d z : Rabs d <= u -> z = x * (1 + d) -> near u x z.
Proof. exists d. auto. Qed.

Ltac evaluate_claim H :=
  simpl in H; unfold softmax, right_growth, fits in H; simpl in H;
  rewrite ?Rminus_eq_0, ?Rmult_0_l, ?Rmult_0_r, ?Rplus_0_r, ?exp_0, ?Rplus_0_r, ?Rmult_1_r, ?Rmult_1_l in H.

Ltac keys_fit := repeat constructor; unfold fits; simpl; rewrite Rminus_eq_0, Rabs_R0; lra.

(* One exponential fewer: all four of two keys err, one key's upward and the other's downward. *)
Theorem one_exponential_fewer :
  ~ claim (fun e t a k => exp (alpha k + u_s e * (shift a - computed k)) * (1 + eps e) ^ depth t)
      (fun t => 1 + 2 * depth t)%nat (fun t => 2 * depth t)%nat.
Proof.
  intros H. set (e := Errors 0 (1/4) 0 0 0 0).
  assert (nonnegative e) as He by (repeat split; simpl; lra).
  assert (computes e (node (leaf (zero_score 0)) (leaf (zero_score 1)))
            (State 0 (17/8) (fun _ => 3/4 * 0 * (3/4) + 5/4 * 1 * (5/4)))) as Hc.
  { apply (two_keys e 0 1 (3/4) (5/4) (3/4) (5/4) (9/16) (25/16)); simpl; auto; try (apply (near_of _ _ 0); [rewrite Rabs_R0|]; lra).
    1, 3: apply (near_of _ _ (-1/4)); [rewrite Rabs_left|]; lra.
    all: apply (near_of _ _ (1/4)); [rewrite Rabs_pos_eq|]; lra. }
  specialize (H e _ _ 0%nat He Hc ltac:(keys_fit)).
  evaluate_claim H.
  replace (1 / (1 + 1)) with (1/2) in H by field.
  replace (1/2 * 1) with (1/2) in H by field. rewrite ?Rplus_0_l in H.
  rewrite (Rabs_pos_eq (1/2)) in H by lra. rewrite Rminus_0_l, Rabs_Ropp, (Rabs_pos_eq (1/2)) in H by lra.
  rewrite (Rabs_pos_eq (1 - 1/2)) in H by lra.
  specialize (H ltac:(lra)). rewrite Rabs_pos_eq in H by lra. lra.
Qed.

(* One rounding of the denominator fewer: both products and their sum are rounded down. *)
Theorem one_sum_fewer : ~ claim right_growth (fun t => 1 + 2 * depth t)%nat (fun t => 2 * depth t - 1)%nat.
Proof.
  intros H. set (e := Errors 0 0 0 0 (1/4) 0).
  assert (nonnegative e) as He by (repeat split; simpl; lra).
  assert (computes e (node (leaf (zero_score 1)) (leaf (zero_score 1)))
            (State 0 (9/8) (fun _ => 1 * 1 * 1 + 1 * 1 * 1))) as Hc.
  { apply (two_keys e 1 1 1 1 1 1 (3/4) (3/4)); simpl; auto; try (apply near_self; lra).
    all: apply (near_of _ _ (-1/4)); [rewrite Rabs_left|]; lra. }
  specialize (H e _ _ 0%nat He Hc ltac:(keys_fit)).
  evaluate_claim H.
  replace (1 / (1 + 1)) with (1/2) in H by field.
  replace (1/2 + 1/2) with 1 in H by field.
  rewrite ?Rminus_eq_0, ?Rabs_R0, ?Rabs_R1, ?Rmult_0_r, ?Rmult_0_l, ?Rplus_0_l in H.
  specialize (H ltac:(lra)). rewrite Rabs_pos_eq in H by lra. lra.
Qed.

(* The drift of shifts left out: the rounded difference of two maxima is off by a half. *)
Theorem no_drift :
  ~ claim (fun e t a k => exp (alpha k) * (1 + eps e) ^ (1 + depth t))
      (fun t => 1 + 2 * depth t)%nat (fun t => 2 * depth t)%nat.
Proof.
  intros H. set (e := Errors (1/2) 0 0 0 0 0).
  assert (nonnegative e) as He by (repeat split; simpl; lra).
  set (low := Key (-1) (-1) 0 (fun _ => 1)).
  assert (computes e (node (leaf (zero_score 0)) (leaf low))
            (State 0 (1 * 1 + 1 * exp (-3/2)) (fun _ => 1 * 0 * 1 + 1 * 1 * exp (-3/2)))) as Hc.
  { apply (computes_node e _ (State 0 1 (fun _ => 1 * 0)) _ (State (-1) 1 (fun _ => 1 * 1)) 0 1 (exp (-3/2))
             (1 * 1) (1 * exp (-3/2)) _ (fun _ => 1 * 0 * 1) (fun _ => 1 * 1 * exp (-3/2)));
      simpl; try (intros; apply near_self; lra).
    - apply (computes_leaf e (zero_score 0) 1 1); simpl; rewrite ?exp_0; intros; apply near_self; lra.
    - apply (computes_leaf e low 1 1); simpl; rewrite ?exp_0; intros; apply near_self; lra.
    - symmetry. apply Rmax_left. lra.
    - exists 0. rewrite Rminus_eq_0, exp_0. split; apply near_self; simpl; lra.
    - exists (-3/2). split; [|apply near_self; simpl; lra].
      apply (near_of _ _ (1/2)); [rewrite Rabs_pos_eq|]; simpl; lra. }
  specialize (H e _ _ 0%nat He Hc ltac:(keys_fit)).
  evaluate_claim H. rewrite ?Rplus_0_l in H.
  specialize (H ltac:(lra)).
  repeat first [rewrite Rminus_eq_0 in H | rewrite Rmult_0_l in H | rewrite Rmult_0_r in H | rewrite Rplus_0_r in H].
  pose proof (exp_pos (-3/2)). pose proof (exp_pos (-1)).
  assert (exp (-3/2) < exp (-1)) by (apply exp_increasing; lra).
  assert (exp (-3/2) / (1 + exp (-3/2)) = exp (-1) / (1 + exp (-1))) as Heq.
  { apply Rminus_diag_uniq. pose proof (Rabs_pos (exp (-3/2) / (1 + exp (-3/2)) - exp (-1) / (1 + exp (-1)))).
    destruct (Req_dec (exp (-3/2) / (1 + exp (-3/2)) - exp (-1) / (1 + exp (-1))) 0) as [|Hne]; [assumption|].
    apply Rabs_pos_lt in Hne. lra. }
  apply (f_equal (fun x => x * ((1 + exp (-3/2)) * (1 + exp (-1))))) in Heq.
  field_simplify in Heq; lra.
Qed.
