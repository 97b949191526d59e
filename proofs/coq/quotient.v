(* E1: a quotient of two weighted sums whose common errors cancel where values hardly differ.

   Weights p_j >= 0 add up to 1. The numerator is sum p_j x_j f_j v_j, the denominator sum p_j x_j g_j: the errors x_j
   are common to both, f_j and g_j are not. With |x_j - 1| <= A_j, |f_j - 1| <= mu, |g_j - 1| <= nu, the quotient lies
   within the bound of docs/bound-derivation.md, section 6, of the mean sum p_j v_j. *)
From Coq Require Import Reals List Lra Psatz.
From Attest Require Import sums factors.
Open Scope R_scope.

Section Quotient.
Context {T : Type}.
Variables (ts : list T) (p v x f g A : T -> R) (mu nu : R).
Let O := sum (fun t => p t * v t) ts.
Let E := sum (fun t => p t * (A t * Rabs (v t - O) + (1 + A t) * (mu * Rabs (v t) + nu * Rabs O))) ts.
Let D := sum (fun t => p t * (A t + (1 + A t) * nu)) ts.
Hypothesis weights : forall t, 0 <= p t.
Hypothesis total : sum p ts = 1.
Hypothesis errors : forall t, In t ts -> Rabs (x t - 1) <= A t /\ Rabs (f t - 1) <= mu /\ Rabs (g t - 1) <= nu.

Let numerator := sum (fun t => p t * x t * f t * v t) ts.
Let denominator := sum (fun t => p t * x t * g t) ts.

Lemma product_error a b c : 0 <= b -> Rabs (a - 1) <= b -> Rabs (a * c) <= (1 + b) * Rabs c.
Proof.
  intros Hb H. rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
  replace a with ((a - 1) + 1) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_R1. lra.
Qed.

(* sum p_j (v_j - O) = 0 takes the common errors off. *)
Lemma numerator_error : Rabs (numerator - O * denominator) <= E.
Proof.
  replace (numerator - O * denominator) with
    (sum (fun t => p t * ((x t - 1) * (v t - O) + x t * ((f t - 1) * v t - (g t - 1) * O))) ts).
  - eapply Rle_trans; [apply sum_abs|]. apply sum_le. intros t Ht.
    destruct (errors t Ht) as (Hx & Hf & Hg).
    rewrite Rabs_mult, (Rabs_pos_eq (p t)) by apply weights.
    apply Rmult_le_compat_l; [apply weights|].
    eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat.
    + rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|assumption].
    + assert (0 <= A t) by (pose proof (Rabs_pos (x t - 1)); lra).
      eapply Rle_trans; [apply (product_error _ (A t)); assumption|].
      apply Rmult_le_compat_l; [lra|].
      eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, !Rabs_mult.
      apply Rplus_le_compat; apply Rmult_le_compat_r; auto using Rabs_pos.
  - transitivity (sum (fun t => (p t * x t * f t * v t - O * (p t * x t * g t)) - (p t * v t - O * p t)) ts).
    + apply sum_ext. intros t _. ring.
    + rewrite sum_minus, !sum_minus, !sum_scale, total. unfold numerator, denominator. fold O. ring.
Qed.

Lemma denominator_error : 1 - D <= denominator.
Proof.
  rewrite <- total. unfold D, denominator. rewrite <- sum_minus. apply sum_le. intros t Ht.
  destruct (errors t Ht) as (Hx & _ & Hg).
  assert (0 <= A t) by (pose proof (Rabs_pos (x t - 1)); lra).
  pose proof (product_error (x t) (A t) (g t - 1) H Hx) as Hu.
  assert ((1 + A t) * Rabs (g t - 1) <= (1 + A t) * nu) by (apply Rmult_le_compat_l; lra).
  apply abs_between in Hx.
  assert (Rabs (x t * (g t - 1)) <= (1 + A t) * nu) as Hv by lra. apply abs_between in Hv.
  specialize (weights t).
  replace (p t * x t * g t) with (p t * (1 + (x t - 1) + x t * (g t - 1))) by ring. nra.
Qed.

Lemma quotient_error : D < 1 -> Rabs (numerator / denominator - O) <= E / (1 - D).
Proof.
  intros HD. pose proof numerator_error as HE. pose proof denominator_error as HW.
  assert (0 < denominator) by lra.
  replace (numerator / denominator - O) with ((numerator - O * denominator) / denominator) by (field; lra).
  unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq denominator) by lra.
  pose proof (Rabs_pos (numerator - O * denominator)).
  assert (0 < / denominator) by (apply Rinv_0_lt_compat; assumption).
  assert (/ denominator <= / (1 - D)) by (apply Rinv_le_contravar; lra).
  apply Rmult_le_compat; lra.
Qed.
End Quotient.
