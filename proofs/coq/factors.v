(* Factors near 1: what relative errors multiply to, with nothing of second order dropped. *)
From Coq Require Import Reals Lra Lia Psatz.
Open Scope R_scope.

Lemma abs_between x b : Rabs x <= b -> - b <= x <= b.
Proof. unfold Rabs. destruct (Rcase_abs x); lra. Qed.

(* z is x with a relative error of at most u. *)
Definition near (u x z : R) := exists d, Rabs d <= u /\ z = x * (1 + d).

(* x is within b - 1 of 1, on both sides. *)
Definition within (b x : R) := Rabs (x - 1) <= b - 1.

Lemma near_self u x : 0 <= u -> near u x x.
Proof. exists 0. rewrite Rabs_R0. split; [assumption|ring]. Qed.

Lemma near_within u x z : near u x z -> exists f, within (1 + u) f /\ z = x * f.
Proof.
  intros (d & Hd & ->). exists (1 + d). split; [|reflexivity].
  unfold within. replace (1 + d - 1) with d by ring. lra.
Qed.

Lemma within_one b : 1 <= b -> within b 1.
Proof. unfold within. rewrite Rminus_eq_0, Rabs_R0. lra. Qed.

Lemma within_at_least_one b x : within b x -> 1 <= b.
Proof. unfold within. pose proof (Rabs_pos (x - 1)). lra. Qed.

Lemma within_weaken b c x : b <= c -> within b x -> within c x.
Proof. unfold within. lra. Qed.

Lemma within_mul b c x y : within b x -> within c y -> within (b * c) (x * y).
Proof.
  unfold within. intros Hx Hy.
  replace (x * y - 1) with ((x - 1) * (y - 1) + ((x - 1) + (y - 1))) by ring.
  eapply Rle_trans; [apply Rabs_triang|].
  rewrite Rabs_mult. pose proof (Rabs_triang (x - 1) (y - 1)).
  pose proof (Rabs_pos (x - 1)). pose proof (Rabs_pos (y - 1)).
  assert (Rabs (x - 1) * Rabs (y - 1) <= (b - 1) * (c - 1)) by (apply Rmult_le_compat; lra).
  nra.
Qed.

(* Two-sided: e^x is as near to 1 below as above, since e^X + e^-X >= 2. *)
Lemma within_exp X x : Rabs x <= X -> within (exp X) (exp x).
Proof.
  intros H. unfold within. apply abs_between in H.
  assert (exp (- X) <= exp x <= exp X) as [Hl Hu].
  { split; [destruct (Rle_lt_or_eq_dec (- X) x) as [L | ->] | destruct (Rle_lt_or_eq_dec x X) as [L | ->]]; try lra;
      apply Rlt_le, exp_increasing; assumption. }
  rewrite exp_Ropp in Hl. pose proof (exp_pos X) as Hp.
  assert (/ exp X * exp X = 1) by (apply Rinv_l; lra).
  assert (0 < / exp X) by (apply Rinv_0_lt_compat; assumption).
  apply Rabs_le. split; [|lra].
  nra.
Qed.

Lemma power_mono u i j : 0 <= u -> (i <= j)%nat -> (1 + u) ^ i <= (1 + u) ^ j.
Proof. intros. apply Rle_pow; [lra|assumption]. Qed.
