(* Absolute errors in addition to relative ones: underflow, gradual or flushed, and exponentials that are off by a
   constant.

   Every rounding may be off by a further lambda, and every exponential by exp_abs. A run counts the events that commit
   such an error; each is at most eta and grows only by what relative errors allow, as no rescale exceeds 1 + eps. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Attest Require Import sums factors quotient runs bound.
Import ListNotations.
Open Scope R_scope.

(* z is x with a relative error of at most u and an absolute one of at most lambda. *)
Definition near2 (u lambda x z : R) := exists y, near u x y /\ Rabs (z - y) <= lambda.

Lemma near2_within u lambda x z : near2 u lambda x z ->
  exists f d, within (1 + u) f /\ Rabs d <= lambda /\ z = x * f + d.
Proof.
  intros (y & Hy & Hz). destruct (near_within _ _ _ Hy) as (f & Hf & ->).
  exists f, (z - x * f). repeat split; auto. ring.
Qed.

Lemma within_abs u f : 0 <= u -> within (1 + u) f -> Rabs f <= 1 + u.
Proof. intros Hu H. apply abs_between in H. apply Rabs_le. lra. Qed.

Lemma abs_le_mul a b x y : Rabs x <= a -> Rabs y <= b -> Rabs (x * y) <= a * b.
Proof. intros Hx Hy. rewrite Rabs_mult. apply Rmult_le_compat; auto using Rabs_pos. Qed.

Lemma abs_le_add a b x y : Rabs x <= a -> Rabs y <= b -> Rabs (x + y) <= a + b.
Proof. intros Hx Hy. eapply Rle_trans; [apply Rabs_triang|]. lra. Qed.

Section Underflow.
Variables (e : errors) (lambda exp_abs most_l most_o most_v : R).
Hypothesis He : nonnegative e.
Hypothesis Hus : u_s e <= 1.
Hypothesis sizes : 0 <= lambda /\ 0 <= exp_abs /\ 1 <= most_l /\ 0 <= most_o /\ 0 <= most_v.

Definition shifted2 x m w := exists w0, shifted e x m w0 /\ Rabs (w - w0) <= exp_abs.

(* As run, with events counted last. Sums stay within most_l and most_o, values within most_v. *)
Inductive run2 : nat -> nat -> nat -> nat -> list key -> state -> Prop :=
| key2 k m w p x : computed k - m <= tau e -> shifted2 (computed k) m w -> near2 (u_p e) lambda w p ->
    (forall c, near2 (u_n e) lambda (p * value k c) (x c)) -> (forall c, Rabs (value k c) <= most_v) ->
    run2 0 1 0 1 [k] (State m w x)
| moved2 rs hN hD j ks a m r y x : run2 rs hN hD j ks a -> shift a <= m -> shifted2 (shift a) m r ->
    Rabs (l a) <= most_l -> (forall c, Rabs (o a c) <= most_o) ->
    near2 (u_d e) lambda (l a * r) y -> (forall c, near2 (u_n e) lambda (o a c * r) (x c)) ->
    run2 (S rs) (S hN) (S hD) (S j) ks (State m y x)
| joined2 rs hN hD j ks a rs' hN' hD' j' ks' b y x :
    run2 rs hN hD j ks a -> run2 rs' hN' hD' j' ks' b -> shift a = shift b ->
    near2 (u_d e) lambda (l a + l b) y -> (forall c, near2 (u_n e) lambda (o a c + o b c) (x c)) ->
    run2 (Nat.max rs rs') (S (Nat.max hN hN')) (S (Nat.max hD hD')) (S (j + j')) (ks ++ ks') (State (shift a) y x).

(* What one event commits at most, to the denominator and to the numerator. *)
Definition eta_d := most_l * exp_abs + lambda.
Definition eta_n := (most_o + most_v) * exp_abs + lambda * most_v + lambda.
Definition growth_d rs hD := (1 + eps e) ^ rs * (1 + u_d e) ^ hD.
Definition growth_n rs hN := (1 + eps e) ^ rs * ((1 + u_p e) * (1 + u_n e) ^ hN).

Lemma power_at_least_one u n : 0 <= u -> 1 <= (1 + u) ^ n.
Proof. intros. apply pow_R1_Rle. lra. Qed.

Lemma product_mono a a' b b' : 1 <= a <= a' -> 1 <= b <= b' -> 1 <= a * b <= a' * b'.
Proof. intros Ha Hb. split; [nra|]. apply Rmult_le_compat; lra. Qed.

Lemma growth_d_mono rs hD rs' hD' : (rs <= rs')%nat -> (hD <= hD')%nat -> 1 <= growth_d rs hD <= growth_d rs' hD'.
Proof.
  pose proof He as (?&?&?&?&?&?). intros HR HD.
  apply product_mono; split; try (apply power_at_least_one; assumption); apply power_mono; assumption.
Qed.

Lemma growth_n_mono rs hN rs' hN' : (rs <= rs')%nat -> (hN <= hN')%nat -> 1 <= growth_n rs hN <= growth_n rs' hN'.
Proof.
  pose proof He as (?&?&?&?&?&?). intros HR HN. unfold growth_n.
  apply product_mono; [split; [apply power_at_least_one; assumption|apply power_mono; assumption]|].
  apply product_mono; [lra|]. split; [apply power_at_least_one; assumption|apply power_mono; assumption].
Qed.

(* One more event on errors of up to j events: by a rescale of at most q and a rounding of at most f. *)
Lemma event j eta G q f c d x : 0 <= eta -> 0 <= c -> 0 <= d -> c + d <= eta -> 1 <= G -> 1 <= q -> 1 <= f ->
  x <= INR j * eta * G -> (x * q + c) * f + d <= INR (S j) * eta * (G * q * f).
Proof.
  intros He0 Hc Hd Hcd HG Hq Hf Hx. rewrite S_INR. pose proof (pos_INR j) as Hj.
  assert (1 <= G * q) by nra. assert (1 <= G * q * f) by nra.
  assert (x * q <= INR j * eta * G * q) by (apply Rmult_le_compat_r; lra).
  assert (c * f <= c * (G * q * f)) by (apply Rmult_le_compat_l; [assumption|nra]).
  assert (d <= d * (G * q * f)) by nra.
  assert ((c + d) * (G * q * f) <= eta * (G * q * f)) by (apply Rmult_le_compat_r; lra).
  assert (x * q * f <= INR j * eta * G * q * f) by (apply Rmult_le_compat_r; lra).
  nra.
Qed.

Lemma rescale_at_most_one m m' r : m <= m' -> shifted e m m' r -> Rabs r <= 1 + eps e.
Proof.
  pose proof He as (?&?&?&?&?&?). intros Hm (d & (d0 & Hd0 & ->) & (g & Hg & ->)).
  apply abs_between in Hd0. apply abs_between in Hg.
  assert ((m - m') * (1 + d0) <= 0) as Hn by nra.
  assert (0 < exp ((m - m') * (1 + d0)) <= 1) as Hexp.
  { split; [apply exp_pos|].
    destruct (Rle_lt_or_eq_dec _ _ Hn) as [L | E]; [|rewrite E, exp_0; lra].
    pose proof (exp_increasing _ _ L) as K. rewrite exp_0 in K. lra. }
  rewrite Rabs_mult, (Rabs_pos_eq (exp _)) by lra.
  assert (Rabs (1 + g) <= 1 + eps e) by (apply Rabs_le; lra).
  replace (1 + eps e) with (1 * (1 + eps e)) by ring. apply Rmult_le_compat; lra || apply Rabs_pos.
Qed.

(* Every state is the exact sums of its keys, each with bounded relative errors, and what events committed. *)
Lemma invariant2 c rs hN hD j ks a : run2 rs hN hD j ks a -> Forall fits ks ->
  exists ts U V, map of ts = ks /\ Forall (bounded e rs hN hD (shift a)) ts /\
    l a = denominator (shift a) ts + U /\ o a c = numerator c (shift a) ts + V /\
    Rabs U <= INR j * eta_d * growth_d rs hD /\ Rabs V <= INR j * eta_n * growth_n rs hN.
Proof.
  pose proof He as (?&?&?&?&?&?). pose proof sizes as (?&?&?&?&?).
  assert (0 <= eta_d) by (unfold eta_d; nra). assert (0 <= eta_n) by (unfold eta_n; nra).
  induction 1 as [k m w p x Ht (w0 & Hw0 & Hw) Hp Hx Hv
    | rs hN hD j ks a m r y x Ha IH Hm (r0 & Hr0 & Hr) Hla Hoa Hy Hx
    | rs hN hD j ks a rs' hN' hD' j' ks' b y x Ha IHa Hb IHb Hab Hy Hx];
    simpl shift; simpl l; simpl o; intros Hfits.
  - inversion_clear Hfits as [|? ? Hk _].
    destruct (key_common e He k m w0 Hk Ht Hw0) as (f & Hf & ->).
    destruct (near2_within _ _ _ _ Hp) as (g & d1 & Hg & Hd1 & ->).
    destruct (near2_within _ _ _ _ (Hx c)) as (h & d2 & Hh & Hd2 & ->).
    set (z := w - weight m k * f) in *.
    exists [Term k f (g * h) 1], z, ((z * g + d1) * value k c * h + d2).
    split; [reflexivity|]. repeat split.
    + constructor; [|constructor]. unfold bounded; simpl. rewrite !Rmult_1_r. repeat split; auto.
      * apply within_mul; assumption.
      * apply within_one; lra.
    + unfold denominator, z; simpl; ring.
    + unfold numerator, z; simpl; ring.
    + unfold growth_d, eta_d; simpl. nra.
    + apply within_abs in Hg; [|assumption]. apply within_abs in Hh; [|assumption].
      pose proof (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ (abs_le_mul _ _ _ _
        (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ Hw Hg) Hd1) (Hv c)) Hh) Hd2) as B.
      eapply Rle_trans; [exact B|]. unfold growth_n, eta_n. simpl INR. simpl pow.
      rewrite !Rmult_1_r, !Rmult_1_l.
      assert (0 <= exp_abs * most_v) by nra. assert (0 <= lambda * most_v) by nra. assert (0 <= most_o * exp_abs) by nra.
      assert (1 <= (1 + u_p e) * (1 + u_n e)) by nra. assert (1 + u_n e <= (1 + u_p e) * (1 + u_n e)) by nra.
      assert (lambda * most_v * (1 + u_n e) <= lambda * most_v * ((1 + u_p e) * (1 + u_n e)))
        by (apply Rmult_le_compat_l; assumption).
      assert (lambda * 1 <= lambda * ((1 + u_p e) * (1 + u_n e))) by (apply Rmult_le_compat_l; assumption).
      assert (0 <= most_o * exp_abs * ((1 + u_p e) * (1 + u_n e))) by (apply Rmult_le_pos; [assumption|lra]).
      nra.
  - destruct (IH Hfits) as (ts & U & V & Hks & Hts & Hl & Ho & HU & HV).
    destruct (move_common e He _ _ _ Hm Hr0) as (s & Hin & Hs).
    destruct (near2_within _ _ _ _ Hy) as (d & d1 & Hd & Hd1 & ->).
    destruct (near2_within _ _ _ _ (Hx c)) as (n & d2 & Hn & Hd2 & Hxc).
    destruct (factors_of_sums c s n d _ _ _ ts Hs) as (HD & HN).
    set (z := r - r0) in *.
    exists (map (with_factors s n d) ts), ((U * r0 + l a * z) * d + d1), ((V * r0 + o a c * z) * n + d2).
    rewrite of_with_factors, HD, HN, Hxc. repeat split; auto.
    + apply Forall_map. eapply Forall_impl; [|exact Hts]. intros t Hbt. eapply with_factors_bounded; eauto.
    + rewrite Hl. unfold z. ring.
    + rewrite Ho. unfold z. ring.
    + pose proof (rescale_at_most_one _ _ _ Hm Hr0) as Hr1. apply within_abs in Hd; [|assumption].
      pose proof (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ (Rle_refl (Rabs U)) Hr1)
        (abs_le_mul _ _ _ _ Hla Hr)) Hd) Hd1) as B.
      eapply Rle_trans; [exact B|].
      replace (growth_d (S rs) (S hD)) with (growth_d rs hD * (1 + eps e) * (1 + u_d e)) by (unfold growth_d; simpl; ring).
      apply event; auto; try lra; try nra; [unfold eta_d; lra|].
      apply (growth_d_mono rs hD rs hD); lia.
    + pose proof (rescale_at_most_one _ _ _ Hm Hr0) as Hr1. apply within_abs in Hn; [|assumption].
      pose proof (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ (Rle_refl (Rabs V)) Hr1)
        (abs_le_mul _ _ _ _ (Hoa c) Hr)) Hn) Hd2) as B.
      eapply Rle_trans; [exact B|].
      replace (growth_n (S rs) (S hN)) with (growth_n rs hN * (1 + eps e) * (1 + u_n e)) by (unfold growth_n; simpl; ring).
      apply event; auto; try lra; try nra; [unfold eta_n; nra|].
      apply (growth_n_mono rs hN rs hN); lia.
  - apply Forall_app in Hfits. destruct Hfits as (Hfa & Hfb).
    destruct (IHa Hfa) as (ts & U & V & <- & Hts & Hla & Hoa & HU & HV).
    destruct (IHb Hfb) as (us & U' & V' & <- & Hus' & Hlb & Hob & HU' & HV').
    destruct (near2_within _ _ _ _ Hy) as (d & d1 & Hd & Hd1 & ->).
    destruct (near2_within _ _ _ _ (Hx c)) as (n & d2 & Hn & Hd2 & Hxc).
    rewrite <- Hab in *. assert (forall k, weight (shift a) k * 1 = weight (shift a) k * 1) as H1' by reflexivity.
    destruct (factors_of_sums c 1 n d _ _ _ (ts ++ us) H1') as (HD & HN).
    exists (map (with_factors 1 n d) (ts ++ us)), ((U + U') * d + d1), ((V + V') * n + d2).
    rewrite of_with_factors, HD, HN, Hxc, map_app.
    unfold denominator, numerator in *. rewrite !sum_app. repeat split.
    + apply Forall_map, Forall_app. split.
      * eapply Forall_impl; [|exact Hts]. intros t Hbt. apply sums_bounded; auto.
        eapply bounded_weaken; [exact He| | | |exact Hbt]; apply Nat.le_max_l.
      * eapply Forall_impl; [|exact Hus']. intros t Hbt. apply sums_bounded; auto.
        eapply bounded_weaken; [exact He| | | |exact Hbt]; apply Nat.le_max_r.
    + rewrite Hla, Hlb. ring.
    + rewrite Hoa, Hob. ring.
    + apply within_abs in Hd; [|assumption].
      pose proof (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ (abs_le_add _ _ _ _ HU HU') Hd) Hd1) as B.
      eapply Rle_trans; [exact B|].
      destruct (growth_d_mono rs hD (Nat.max rs rs') (Nat.max hD hD')) as (_ & G1); try lia.
      destruct (growth_d_mono rs' hD' (Nat.max rs rs') (Nat.max hD hD')) as (G0 & G2); try lia.
      set (G := growth_d (Nat.max rs rs') (Nat.max hD hD')) in *.
      replace (growth_d (Nat.max rs rs') (S (Nat.max hD hD'))) with (G * 1 * (1 + u_d e)) by (unfold G, growth_d; simpl; ring).
      replace (INR j * eta_d * growth_d rs hD + INR j' * eta_d * growth_d rs' hD') with
        ((INR j * eta_d * growth_d rs hD + INR j' * eta_d * growth_d rs' hD') * 1 + 0) by ring.
      apply event; try lra; try nra; [unfold eta_d; nra|]. rewrite plus_INR.
      assert (0 <= INR j * eta_d) by (apply Rmult_le_pos; [apply pos_INR|assumption]).
      assert (0 <= INR j' * eta_d) by (apply Rmult_le_pos; [apply pos_INR|assumption]).
      replace ((INR j + INR j') * eta_d * G) with (INR j * eta_d * G + INR j' * eta_d * G) by ring.
      apply Rplus_le_compat; apply Rmult_le_compat_l; assumption.
    + apply within_abs in Hn; [|assumption].
      pose proof (abs_le_add _ _ _ _ (abs_le_mul _ _ _ _ (abs_le_add _ _ _ _ HV HV') Hn) Hd2) as B.
      eapply Rle_trans; [exact B|].
      destruct (growth_n_mono rs hN (Nat.max rs rs') (Nat.max hN hN')) as (_ & G1); try lia.
      destruct (growth_n_mono rs' hN' (Nat.max rs rs') (Nat.max hN hN')) as (G0 & G2); try lia.
      set (G := growth_n (Nat.max rs rs') (Nat.max hN hN')) in *.
      replace (growth_n (Nat.max rs rs') (S (Nat.max hN hN'))) with (G * 1 * (1 + u_n e)) by (unfold G, growth_n; simpl; ring).
      replace (INR j * eta_n * growth_n rs hN + INR j' * eta_n * growth_n rs' hN') with
        ((INR j * eta_n * growth_n rs hN + INR j' * eta_n * growth_n rs' hN') * 1 + 0) by ring.
      apply event; try lra; try nra; [unfold eta_n; nra|]. rewrite plus_INR.
      assert (0 <= INR j * eta_n) by (apply Rmult_le_pos; [apply pos_INR|assumption]).
      assert (0 <= INR j' * eta_n) by (apply Rmult_le_pos; [apply pos_INR|assumption]).
      replace ((INR j + INR j') * eta_n * G) with (INR j * eta_n * G + INR j' * eta_n * G) by ring.
      apply Rplus_le_compat; apply Rmult_le_compat_l; assumption.
Qed.

Lemma run2_some_key rs hN hD j ks a : run2 rs hN hD j ks a -> ks <> [].
Proof. induction 1; try discriminate; auto. intros E. apply app_eq_nil in E. tauto. Qed.

(* The bound with absolute errors: they count by what they are of the sum of weights, W. *)
Theorem underflow_bound rs hN hD j ks a c : run2 rs hN hD j ks a -> Forall fits ks ->
  let p := softmax ks in
  let O := sum (fun k => p k * value k c) ks in
  let A k := exp (alpha k + u_s e * (shift a - computed k + 2 * tau e)) * (1 + eps e) ^ (1 + rs) - 1 in
  let mu := (1 + u_p e) * (1 + u_n e) ^ hN - 1 in
  let nu := (1 + u_d e) ^ hD - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  let W := sum (fun k => exp (score k - shift a)) ks in
  let U_D := INR j * eta_d * growth_d rs hD / W in
  let U_N := INR j * eta_n * growth_n rs hN / W in
  D + U_D < 1 -> Rabs (o a c / l a - O) <= (E + U_N + Rabs O * U_D) / (1 - D - U_D).
Proof.
  intros Hrun Hfits p O A mu nu E D W U_D U_N HD.
  destruct (invariant2 c _ _ _ _ _ _ Hrun Hfits) as (ts & U & V & Hks & Hts & Hl & Ho & HU & HV).
  assert (0 < W) as HW by (apply sum_positive; [eapply run2_some_key; eassumption|intros; apply exp_pos]).
  assert (forall k, weight (shift a) k = W * p k) as Hw.
  { intros k. unfold weight, p, softmax, W.
    replace (sum (fun k => exp (score k - shift a)) ks) with (sum (fun i => exp (score i)) ks * exp (- shift a)).
    - assert (0 < sum (fun i => exp (score i)) ks)
        by (apply sum_positive; [eapply run2_some_key; eassumption|intros; apply exp_pos]).
      unfold Rminus. rewrite exp_plus. field. lra.
    - rewrite Rmult_comm, <- sum_scale. apply sum_ext. intros. unfold Rminus. rewrite exp_plus. ring. }
  set (N' := sum (fun t => p (of t) * common t * num t * value (of t) c) ts).
  set (D' := sum (fun t => p (of t) * common t * den t) ts).
  assert (l a = W * (D' + U / W)) as ->.
  { rewrite Hl. replace (denominator (shift a) ts) with (W * D'); [field; lra|].
    unfold D', denominator. rewrite <- sum_scale. apply sum_ext. intros t _. rewrite Hw. ring. }
  assert (o a c = W * (N' + V / W)) as ->.
  { rewrite Ho. replace (numerator c (shift a) ts) with (W * N'); [field; lra|].
    unfold N', numerator. rewrite <- sum_scale. apply sum_ext. intros t _. rewrite Hw. ring. }
  assert (forall f, sum f ks = sum (fun t => f (of t)) ts) as Hsum by (intros; rewrite <- Hks; apply sum_map).
  assert (forall t, 0 <= p (of t)) as Hpos.
  { intros t. apply (Rmult_le_reg_l W); [assumption|]. rewrite Rmult_0_r, <- Hw. left. apply exp_pos. }
  assert (sum (fun t => p (of t)) ts = 1) as Hp.
  { rewrite <- Hsum. apply (Rmult_eq_reg_l W); [|lra]. rewrite <- sum_scale, Rmult_1_r. unfold W.
    apply sum_ext. intros k _. symmetry. apply Hw. }
  assert (forall t, In t ts -> Rabs (common t - 1) <= A (of t) /\ Rabs (num t - 1) <= mu /\ Rabs (den t - 1) <= nu) as Herr.
  { intros t Ht. rewrite Forall_forall in Hts. destruct (Hts t Ht) as (Hc & Hn & Hd). repeat split; assumption. }
  pose proof (numerator_error ts (fun t => p (of t)) (fun t => value (of t) c) common num den
                (fun t => A (of t)) mu nu Hpos Hp Herr) as HE.
  pose proof (denominator_error ts (fun t => p (of t)) common num den (fun t => A (of t)) mu nu Hpos Hp Herr) as HDen.
  cbv beta in HE, HDen.
  rewrite <- (Hsum (fun k => p k * value k c)) in HE. fold O N' D' in HE.
  rewrite <- (Hsum (fun k => p k * (A k + (1 + A k) * nu))) in HDen. fold D D' in HDen.
  rewrite <- (Hsum (fun k => p k * (A k * Rabs (value k c - O) + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O)))) in HE.
  fold E in HE.
  assert (Rabs (U / W) <= U_D) as HUD.
  { unfold U_D, Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq W) by lra.
    apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption|exact HU]. }
  assert (Rabs (V / W) <= U_N) as HUN.
  { unfold U_N, Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq W) by lra.
    apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption|exact HV]. }
  set (un := V / W) in *. set (ud := U / W) in *.
  pose proof (abs_between _ _ HUD). assert (0 < D' + ud) by lra.
  replace (W * (N' + un) / (W * (D' + ud)) - O) with (((N' - O * D') + (un + - O * ud)) / (D' + ud)) by (field; lra).
  unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (D' + ud)) by lra.
  apply Rmult_le_compat; [apply Rabs_pos|left; apply Rinv_0_lt_compat; assumption| |apply Rinv_le_contravar; lra].
  rewrite Rplus_assoc. apply abs_le_add; [exact HE|]. apply abs_le_add; [exact HUN|].
  rewrite Rabs_mult, Rabs_Ropp. apply Rmult_le_compat_l; [apply Rabs_pos|exact HUD].
Qed.
End Underflow.
