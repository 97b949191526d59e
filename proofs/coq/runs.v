(* What a computation of attention may be, with every rounding counted.

   A state holds a shift m, a denominator l and a numerator o, a component a channel. Four rules build states:
     one key under a shift that its computed score exceeds by at most tau, its product with P rounded (or, with an FMA,
     not rounded apart);
     a move of a state to a larger shift, by one computed factor for l and o;
     the sum of two states under one shift.
   A tile that is absorbed, a lazy rescale, a merge of splits, a sum in any order and a sink are made of these rules.
   run rs hN hD ks a: a is a state of the keys ks, in which no key met more than rs moves, hN roundings of the numerator
   after P's, and hD of the denominator. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Attest Require Import sums factors.
Import ListNotations.
Open Scope R_scope.

Record key := Key { score : R; computed : R; alpha : R; value : nat -> R }.
Definition fits (k : key) := Rabs (computed k - score k) <= alpha k.

Record state := State { shift : R; l : R; o : nat -> R }.

(* Relative errors of shift differences, exponentials, P, and the two sums; how far scores may exceed a shift. *)
Record errors := Errors { u_s : R; eps : R; u_p : R; u_n : R; u_d : R; tau : R }.
Definition nonnegative (e : errors) :=
  0 <= u_s e /\ 0 <= eps e /\ 0 <= u_p e /\ 0 <= u_n e /\ 0 <= u_d e /\ 0 <= tau e.

(* w is the computed exponential of the rounded difference x - m. *)
Definition shifted (e : errors) x m w := exists d, near (u_s e) (x - m) d /\ near (eps e) (exp d) w.

Inductive run (e : errors) : nat -> nat -> nat -> list key -> state -> Prop :=
| one_key k m w p x : computed k - m <= tau e -> shifted e (computed k) m w -> near (u_p e) w p ->
    (forall c, near (u_n e) (p * value k c) (x c)) -> run e 0 1 0 [k] (State m w x)
| one_key_fused k m w p : computed k - m <= tau e -> shifted e (computed k) m w -> near (u_p e) w p ->
    run e 0 0 0 [k] (State m w (fun c => p * value k c))
| moved rs hN hD ks a m r y x : run e rs hN hD ks a -> shift a <= m -> shifted e (shift a) m r ->
    near (u_d e) (l a * r) y -> (forall c, near (u_n e) (o a c * r) (x c)) ->
    run e (S rs) (S hN) (S hD) ks (State m y x)
| joined rs hN hD ks a rs' hN' hD' ks' b y x :
    run e rs hN hD ks a -> run e rs' hN' hD' ks' b -> shift a = shift b ->
    near (u_d e) (l a + l b) y -> (forall c, near (u_n e) (o a c + o b c) (x c)) ->
    run e (Nat.max rs rs') (S (Nat.max hN hN')) (S (Nat.max hD hD')) (ks ++ ks') (State (shift a) y x).

(* A key within a state: its errors in common, in the numerator and in the denominator. *)
Record term := Term { of : key; common : R; num : R; den : R }.

Definition drift (e : errors) k m := alpha k + u_s e * (m - computed k + 2 * tau e).
Definition bounded e rs hN hD m t :=
  within (exp (drift e (of t) m) * (1 + eps e) ^ S rs) (common t) /\
  within ((1 + u_p e) * (1 + u_n e) ^ hN) (num t) /\ within ((1 + u_d e) ^ hD) (den t).

Definition weight m k := exp (score k - m).
Definition denominator m ts := sum (fun t => weight m (of t) * common t * den t) ts.
Definition numerator c m ts := sum (fun t => weight m (of t) * common t * num t * value (of t) c) ts.

Section Invariant.
Variables (e : errors) (c : nat).
Hypothesis Hu : nonnegative e.

Lemma bounded_weaken rs hN hD rs' hN' hD' m t : (rs <= rs')%nat -> (hN <= hN')%nat -> (hD <= hD')%nat ->
  bounded e rs hN hD m t -> bounded e rs' hN' hD' m t.
Proof.
  destruct Hu as (?&?&?&?&?&?). intros HR HN HD (Hc & Hn & Hd). repeat split.
  - eapply within_weaken; [|exact Hc]. apply Rmult_le_compat_l; [left; apply exp_pos|].
    apply power_mono; [assumption|lia].
  - eapply within_weaken; [|exact Hn]. apply Rmult_le_compat_l; [lra|]. apply power_mono; assumption.
  - eapply within_weaken; [|exact Hd]. apply power_mono; assumption.
Qed.

Lemma key_common k m w : fits k -> computed k - m <= tau e -> shifted e (computed k) m w ->
  exists f, within (exp (drift e k m) * (1 + eps e)) f /\ w = weight m k * f.
Proof.
  destruct Hu as (Hs&?&?&?&?&?). intros Hk Ht (d & (d0 & Hd0 & ->) & Hw).
  apply near_within in Hw. destruct Hw as (f & Hf & ->).
  set (g := computed k - m) in *.
  exists (exp ((computed k - score k) + g * d0) * f). split.
  - apply within_mul; [|assumption]. apply within_exp. unfold fits in Hk.
    eapply Rle_trans; [apply Rabs_triang|]. unfold drift. apply Rplus_le_compat; [assumption|].
    rewrite Rabs_mult, Rmult_comm.
    assert (Rabs g <= m - computed k + 2 * tau e) by (apply Rabs_le; unfold g in *; lra).
    apply Rmult_le_compat; auto using Rabs_pos.
  - unfold weight. rewrite <- Rmult_assoc, <- exp_plus. f_equal. f_equal. unfold g. ring.
Qed.

Lemma move_common m m' r : m <= m' -> shifted e m m' r ->
  exists f, within (exp (u_s e * (m' - m)) * (1 + eps e)) f /\ forall k, weight m k * r = weight m' k * f.
Proof.
  destruct Hu as (Hs&?&?&?&?&?). intros Hm (d & (d0 & Hd0 & ->) & Hw).
  apply near_within in Hw. destruct Hw as (f & Hf & ->).
  exists (exp ((m - m') * d0) * f). split.
  - apply within_mul; [|assumption]. apply within_exp.
    rewrite Rabs_mult, Rmult_comm. apply Rmult_le_compat; auto using Rabs_pos.
    apply Rabs_le; lra.
  - intros k. unfold weight. rewrite <- !Rmult_assoc, <- !exp_plus. f_equal. f_equal. ring.
Qed.

(* Every term of a sum gets the sum's rounding. *)
Definition with_factors x n d (t : term) := Term (of t) (common t * x) (num t * n) (den t * d).

Lemma of_with_factors x n d ts : map of (map (with_factors x n d) ts) = map of ts.
Proof. rewrite map_map. reflexivity. Qed.

Lemma with_factors_bounded rs hN hD m m' x n d t : bounded e rs hN hD m t ->
  within (exp (u_s e * (m' - m)) * (1 + eps e)) x -> within (1 + u_n e) n -> within (1 + u_d e) d ->
  bounded e (S rs) (S hN) (S hD) m' (with_factors x n d t).
Proof.
  intros (Hc & Hn & Hd) Hx Hn' Hd'. unfold bounded, with_factors; simpl of; simpl common; simpl num; simpl den.
  repeat split.
  - replace (exp (drift e (of t) m') * (1 + eps e) ^ S (S rs)) with
      ((exp (drift e (of t) m) * (1 + eps e) ^ S rs) * (exp (u_s e * (m' - m)) * (1 + eps e))).
    + apply within_mul; assumption.
    + replace (drift e (of t) m') with (drift e (of t) m + u_s e * (m' - m)) by (unfold drift; ring).
      rewrite exp_plus. simpl. ring.
  - replace ((1 + u_p e) * (1 + u_n e) ^ S hN) with ((1 + u_p e) * (1 + u_n e) ^ hN * (1 + u_n e)) by (simpl; ring).
    apply within_mul; assumption.
  - replace ((1 + u_d e) ^ S hD) with ((1 + u_d e) ^ hD * (1 + u_d e)) by (simpl; ring). apply within_mul; assumption.
Qed.

Lemma sums_bounded rs hN hD m n d t : bounded e rs hN hD m t -> within (1 + u_n e) n -> within (1 + u_d e) d ->
  bounded e rs (S hN) (S hD) m (with_factors 1 n d t).
Proof.
  intros H Hn Hd. destruct H as (Hc & Hn' & Hd'). unfold bounded, with_factors; simpl of; simpl common; simpl num; simpl den.
  rewrite Rmult_1_r. repeat split; [assumption| |].
  - replace ((1 + u_p e) * (1 + u_n e) ^ S hN) with ((1 + u_p e) * (1 + u_n e) ^ hN * (1 + u_n e)) by (simpl; ring).
    apply within_mul; assumption.
  - replace ((1 + u_d e) ^ S hD) with ((1 + u_d e) ^ hD * (1 + u_d e)) by (simpl; ring). apply within_mul; assumption.
Qed.

Lemma factors_of_sums x n d m m' r ts : (forall k, weight m k * r = weight m' k * x) ->
  denominator m' (map (with_factors x n d) ts) = denominator m ts * r * d /\
  numerator c m' (map (with_factors x n d) ts) = numerator c m ts * r * n.
Proof.
  intros Hr. unfold denominator, numerator. rewrite !sum_map. split.
  - rewrite (Rmult_comm (sum _ _ * r)), (Rmult_comm (sum _ _) r), <- !sum_scale. apply sum_ext. intros t _.
    simpl. transitivity ((weight m' (of t) * x) * (common t * den t * d)); [ring|]. rewrite <- Hr. ring.
  - rewrite (Rmult_comm (sum _ _ * r)), (Rmult_comm (sum _ _) r), <- !sum_scale. apply sum_ext. intros t _.
    simpl. transitivity ((weight m' (of t) * x) * (common t * num t * n * value (of t) c)); [ring|].
    rewrite <- Hr. ring.
Qed.

(* Every state is the exact sums of its keys, each key with bounded errors. *)
Lemma invariant rs hN hD ks a : run e rs hN hD ks a -> Forall fits ks ->
  exists ts, map of ts = ks /\ Forall (bounded e rs hN hD (shift a)) ts /\
    l a = denominator (shift a) ts /\ o a c = numerator c (shift a) ts.
Proof.
  pose proof Hu as (?&?&?&?&?&?).
  induction 1 as [k m w p x Ht Hw Hp Hx | k m w p Ht Hw Hp
    | rs hN hD ks a m r y x Ha IH Hm Hr Hy Hx | rs hN hD ks a rs' hN' hD' ks' b y x Ha IHa Hb IHb Hab Hy Hx];
    simpl shift; simpl l; simpl o; intros Hfits.
  1, 2: inversion_clear Hfits as [|? ? Hk _];
    destruct (key_common k m w Hk Ht Hw) as (f & Hf & ->);
    apply near_within in Hp; destruct Hp as (g & Hg & ->).
  - destruct (near_within _ _ _ (Hx c)) as (h & Hh & ->).
    exists [Term k f (g * h) 1]. split; [reflexivity|]. split; [|split].
    + constructor; [|constructor]. unfold bounded; simpl. rewrite !Rmult_1_r. repeat split; auto.
      * apply within_mul; assumption.
      * apply within_one; lra.
    + unfold denominator; simpl; ring.
    + unfold numerator; simpl; ring.
  - exists [Term k f g 1]. split; [reflexivity|]. split; [|split].
    + constructor; [|constructor]. unfold bounded; simpl. rewrite !Rmult_1_r. repeat split; auto. apply within_one; lra.
    + unfold denominator; simpl; ring.
    + unfold numerator; simpl; ring.
  - destruct (IH Hfits) as (ts & Hks & Hb & Hl & Ho).
    destruct (move_common _ _ _ Hm Hr) as (s & Hin & Hs).
    destruct (near_within _ _ _ Hy) as (d & Hd & ->). destruct (near_within _ _ _ (Hx c)) as (n & Hn & ->).
    destruct (factors_of_sums s n d _ _ _ ts Hs) as (HD & HN).
    exists (map (with_factors s n d) ts). rewrite of_with_factors, HD, HN, Hl, Ho. repeat split; auto.
    apply Forall_map. eapply Forall_impl; [|exact Hb]. intros t Hbt. eapply with_factors_bounded; eauto.
  - apply Forall_app in Hfits. destruct Hfits as (Hfa & Hfb).
    destruct (IHa Hfa) as (ts & <- & Hts & Hla & Hoa). destruct (IHb Hfb) as (us & <- & Hus & Hlb & Hob).
    destruct (near_within _ _ _ Hy) as (d & Hd & ->). destruct (near_within _ _ _ (Hx c)) as (n & Hn & ->).
    rewrite <- Hab in *.
    destruct (factors_of_sums 1 n d (shift a) (shift a) 1 (ts ++ us) (fun k => eq_refl)) as (HD & HN).
    exists (map (with_factors 1 n d) (ts ++ us)). rewrite of_with_factors, map_app, HD, HN, Hla, Hlb, Hoa, Hob.
    unfold denominator, numerator. rewrite !sum_app. repeat split; [|ring|ring].
    apply Forall_map, Forall_app. split.
    + eapply Forall_impl; [|exact Hts]. intros t Hbt. apply sums_bounded; auto.
      eapply bounded_weaken; [| | |exact Hbt]; apply Nat.le_max_l.
    + eapply Forall_impl; [|exact Hus]. intros t Hbt. apply sums_bounded; auto.
      eapply bounded_weaken; [| | |exact Hbt]; apply Nat.le_max_r.
Qed.

Lemma run_some_key rs hN hD ks a : run e rs hN hD ks a -> ks <> [].
Proof. induction 1; try discriminate; auto. intros E. apply app_eq_nil in E. tauto. Qed.
End Invariant.
