(* The certified bound of docs/bound-derivation.md, for every run of the recurrence, over any number of keys.

   A run's output, o / l, lies within E of the exact softmax mean. Covered: score errors, rounded shifts, exponentials,
   P, sums and rescales, a lagging shift (tau), and a sink (a key of value 0). Not covered here: underflow, overflow and
   the last roundings of the quotient. Finished rows and lse: finished.v. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Attest Require Import sums factors quotient runs.
Import ListNotations.
Open Scope R_scope.

(* The weight of a key by the definition of softmax. *)
Definition softmax (ks : list key) k := exp (score k) / sum (fun i => exp (score i)) ks.

(* The bound from a state's terms, each with its errors within A, mu and nu. *)
Lemma bound_of_terms ts a c (A : key -> R) mu nu :
  let ks := map of ts in
  ks <> [] -> l a = denominator (shift a) ts -> o a c = numerator c (shift a) ts ->
  (forall t, In t ts -> Rabs (common t - 1) <= A (of t) /\ Rabs (num t - 1) <= mu /\ Rabs (den t - 1) <= nu) ->
  let p := softmax ks in
  let O := sum (fun k => p k * value k c) ks in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (o a c / l a - O) <= E / (1 - D).
Proof.
  intros ks Hne Hl Ho Herr p O E D HD.
  set (Z := sum (fun i => exp (score i)) ks).
  assert (0 < Z) by (apply sum_positive; [assumption|intros; apply exp_pos]).
  assert (0 < exp (- shift a)) by apply exp_pos.
  assert (forall k, weight (shift a) k = Z * exp (- shift a) * p k) as Hw.
  { intros k. unfold weight, p, softmax. fold Z. unfold Rminus. rewrite exp_plus. field. lra. }
  assert (l a = Z * exp (- shift a) * sum (fun t => p (of t) * common t * den t) ts) as ->.
  { rewrite Hl, <- sum_scale. unfold denominator. apply sum_ext. intros t _. rewrite Hw. ring. }
  assert (o a c = Z * exp (- shift a) * sum (fun t => p (of t) * common t * num t * value (of t) c) ts) as ->.
  { rewrite Ho, <- sum_scale. unfold numerator. apply sum_ext. intros t _. rewrite Hw. ring. }
  assert (forall f, sum f ks = sum (fun t => f (of t)) ts) as Hsum by (intros; apply sum_map).
  assert (sum p ks = 1) as Hp.
  { unfold p, softmax, Rdiv. fold Z. erewrite sum_ext; [|intros; apply Rmult_comm]. rewrite sum_scale. fold Z. field. lra. }
  rewrite Hsum in Hp.
  pose proof (quotient_error ts (fun t => p (of t)) (fun t => value (of t) c) common num den
                (fun t => A (of t)) mu nu) as Q. cbv beta in Q.
  rewrite <- (Hsum (fun k => p k * value k c)) in Q. fold O in Q.
  rewrite <- (Hsum (fun k => p k * (A k + (1 + A k) * nu))) in Q. fold D in Q.
  rewrite <- (Hsum (fun k => p k * (A k * Rabs (value k c - O) + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O)))) in Q.
  fold E in Q.
  assert (0 < 1 - D) by lra.
  assert (forall t, 0 <= p (of t)) as Hpos.
  { intros t. unfold p, softmax. fold Z. apply Rlt_le, Rdiv_lt_0_compat; [apply exp_pos|assumption]. }
  specialize (Q Hpos Hp Herr HD).
  set (N' := sum (fun t => p (of t) * common t * num t * value (of t) c) ts) in *.
  set (D' := sum (fun t => p (of t) * common t * den t) ts) in *.
  assert (0 < D') by (pose proof (denominator_error ts (fun t => p (of t)) common num den (fun t => A (of t)) mu nu
    Hpos Hp Herr) as K; cbv beta in K; rewrite <- (Hsum (fun k => p k * (A k + (1 + A k) * nu))) in K; fold D D' in K; lra).
  replace (Z * exp (- shift a) * N' / (Z * exp (- shift a) * D')) with (N' / D'); [exact Q|].
  field. repeat split; lra.
Qed.

(* The same for a run, with larger errors A in place of its own. *)
Lemma bound_within (e : errors) rs hN hD ks a c (A : key -> R) :
  nonnegative e -> run e rs hN hD ks a -> Forall fits ks ->
  (forall k, In k ks -> exp (drift e k (shift a)) * (1 + eps e) ^ (1 + rs) - 1 <= A k) ->
  let p := softmax ks in
  let O := sum (fun k => p k * value k c) ks in
  let mu := (1 + u_p e) * (1 + u_n e) ^ hN - 1 in
  let nu := (1 + u_d e) ^ hD - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (o a c / l a - O) <= E / (1 - D).
Proof.
  intros He Hrun Hfits HA.
  destruct (invariant e c He _ _ _ _ _ Hrun Hfits) as (ts & <- & Hts & Hl & Ho).
  apply (bound_of_terms ts a c A); auto; [eapply run_some_key; eassumption|].
  intros t Ht. rewrite Forall_forall in Hts. destruct (Hts t Ht) as (Hc & Hn & Hd). split; [|split; assumption].
  eapply Rle_trans; [exact Hc|]. apply HA. apply in_map; assumption.
Qed.

Theorem bound (e : errors) rs hN hD ks a c :
  nonnegative e -> run e rs hN hD ks a -> Forall fits ks ->
  let p := softmax ks in
  let O := sum (fun k => p k * value k c) ks in
  let A k := exp (alpha k + u_s e * (shift a - computed k + 2 * tau e)) * (1 + eps e) ^ (1 + rs) - 1 in
  let mu := (1 + u_p e) * (1 + u_n e) ^ hN - 1 in
  let nu := (1 + u_d e) ^ hD - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (o a c / l a - O) <= E / (1 - D).
Proof. intros He Hrun Hfits. apply (bound_within e rs hN hD); auto. intros k _. apply Rle_refl. Qed.

(* The bound that is evaluated: it knows the largest exact score, and not the shift. *)
Theorem bound_by_scores (e : errors) rs hN hD ks a c top abar :
  nonnegative e -> run e rs hN hD ks a -> Forall fits ks ->
  Forall (fun k => score k <= top /\ alpha k <= abar) ks -> (exists k, In k ks /\ shift a <= computed k) ->
  let p := softmax ks in
  let O := sum (fun k => p k * value k c) ks in
  let G k := top - score k + alpha k + abar + 2 * tau e in
  let A k := exp (alpha k + u_s e * G k) * (1 + eps e) ^ (1 + rs) - 1 in
  let mu := (1 + u_p e) * (1 + u_n e) ^ hN - 1 in
  let nu := (1 + u_d e) ^ hD - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (o a c / l a - O) <= E / (1 - D).
Proof.
  intros He Hrun Hfits Htop (k0 & Hk0 & Hshift) p O G A. pose proof He as (?&?&?&?&?&?).
  apply (bound_within e rs hN hD); auto. intros k Hk.
  rewrite Forall_forall in Htop, Hfits.
  pose proof (Htop k Hk). pose proof (Htop k0 Hk0).
  pose proof (abs_between _ _ (Hfits k Hk)). pose proof (abs_between _ _ (Hfits k0 Hk0)).
  assert (drift e k (shift a) <= alpha k + u_s e * G k).
  { unfold drift, G. apply Rplus_le_compat_l, Rmult_le_compat_l; [assumption|lra]. }
  unfold A. apply Rplus_le_compat_r, Rmult_le_compat_r; [apply pow_le; lra|].
  destruct (Rle_lt_or_eq_dec _ _ H9) as [L | ->]; [left; apply exp_increasing; exact L|lra].
Qed.
