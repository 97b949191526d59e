(* Merges of finished rows (lse, output) in any tree, and the log-sum-exp.

   A split is any run (runs.v) that is finished: its lse is m + ln l, off by at most beta, and its output o / l, rounded.
   Two finished rows are merged as states of denominator 1 and shift lse, and finished again. What the denominator was
   off by stays in the row's lse, so it cancels: only the errors of lse and of the quotient are new. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Attest Require Import sums factors quotient runs bound.
Import ListNotations.
Open Scope R_scope.

Section Finished.
Variables (e : errors) (beta u_q : R).
Hypothesis He : nonnegative e.
Hypothesis Hbeta : 0 <= beta.
Hypothesis Hq : 0 <= u_q.

Definition finishes (a : state) lse (x : nat -> R) :=
  0 < l a /\ shift a <= lse /\ Rabs (lse - (shift a + ln (l a))) <= beta /\ forall c, near u_q (o a c / l a) (x c).

(* h is how many merges a split's keys go through at most. *)
Inductive rows (rs hN hD : nat) : nat -> list key -> state -> Prop :=
| one_split ks a lse x : run e rs hN hD ks a -> finishes a lse x -> rows rs hN hD 0 ks (State lse 1 x)
| merged h ks a h' ks' b m ra rb ya yb y xa xb x lse z : rows rs hN hD h ks a -> rows rs hN hD h' ks' b ->
    m = Rmax (shift a) (shift b) -> shifted e (shift a) m ra -> shifted e (shift b) m rb ->
    near (u_d e) (l a * ra) ya -> near (u_d e) (l b * rb) yb -> near (u_d e) (ya + yb) y ->
    (forall c, near (u_n e) (o a c * ra) (xa c)) -> (forall c, near (u_n e) (o b c * rb) (xb c)) ->
    (forall c, near (u_n e) (xa c + xb c) (x c)) -> finishes (State m y x) lse z ->
    rows rs hN hD (S (Nat.max h h')) (ks ++ ks') (State lse 1 z).

(* A state is the exact sums of terms whose errors are within B, M and N, besides the drift of shifts. *)
Definition sums_within c B M N ks a := exists ts, map of ts = ks /\
  Forall (fun t => within (exp (drift e (of t) (shift a)) * B) (common t) /\ within M (num t) /\ within N (den t)) ts /\
  l a = denominator (shift a) ts /\ o a c = numerator c (shift a) ts.

Lemma sums_weaken c B M N B' M' N' ks a : B <= B' -> M <= M' -> N <= N' ->
  sums_within c B M N ks a -> sums_within c B' M' N' ks a.
Proof.
  intros HB HM HN (ts & Hks & Hts & Hl & Ho). exists ts. repeat split; auto.
  eapply Forall_impl; [|exact Hts]. intros t (Hc & Hn & Hd).
  split; [|split; eapply within_weaken; eauto].
  eapply within_weaken; [|exact Hc]. apply Rmult_le_compat_l; [left; apply exp_pos|assumption].
Qed.

Lemma moved_sums c B M N ks a m r y x : sums_within c B M N ks a -> shift a <= m -> shifted e (shift a) m r ->
  near (u_d e) (l a * r) y -> near (u_n e) (o a c * r) (x c) ->
  sums_within c (B * (1 + eps e)) (M * (1 + u_n e)) (N * (1 + u_d e)) ks (State m y x).
Proof.
  intros (ts & Hks & Hts & Hl & Ho) Hm Hr Hy Hx. simpl.
  destruct (move_common e He _ _ _ Hm Hr) as (s & Hin & Hs).
  destruct (near_within _ _ _ Hy) as (d & Hd & ->). destruct (near_within _ _ _ Hx) as (n & Hn & Hxc).
  destruct (factors_of_sums c s n d _ _ _ ts Hs) as (HD & HN).
  exists (map (with_factors s n d) ts). simpl shift. simpl l. simpl o. rewrite of_with_factors, HD, HN, Hxc, Hl, Ho.
  repeat split; auto.
  apply Forall_map. eapply Forall_impl; [|exact Hts]. intros t (Hc & Hn' & Hd'). simpl.
  repeat split; [|apply within_mul; assumption|apply within_mul; assumption].
  replace (exp (drift e (of t) m) * (B * (1 + eps e)))
    with (exp (drift e (of t) (shift a)) * B * (exp (u_s e * (m - shift a)) * (1 + eps e))).
  - apply within_mul; assumption.
  - replace (drift e (of t) m) with (drift e (of t) (shift a) + u_s e * (m - shift a)) by (unfold drift; ring).
    rewrite exp_plus. ring.
Qed.

Lemma joined_sums c B M N ks ks' m la oa lb ob y x : sums_within c B M N ks (State m la oa) ->
  sums_within c B M N ks' (State m lb ob) -> near (u_d e) (la + lb) y -> near (u_n e) (oa c + ob c) (x c) ->
  sums_within c B (M * (1 + u_n e)) (N * (1 + u_d e)) (ks ++ ks') (State m y x).
Proof.
  intros (ts & <- & Hts & Hla & Hoa) (us & <- & Hus & Hlb & Hob) Hy Hx. simpl in *.
  destruct (near_within _ _ _ Hy) as (d & Hd & ->). destruct (near_within _ _ _ Hx) as (n & Hn & Hxc).
  assert (forall k, weight m k * 1 = weight m k * 1) as H1 by reflexivity.
  destruct (factors_of_sums c 1 n d _ _ _ (ts ++ us) H1) as (HD & HN).
  exists (map (with_factors 1 n d) (ts ++ us)). simpl shift. simpl l. simpl o.
  rewrite of_with_factors, HD, HN, Hxc, map_app. unfold denominator, numerator. rewrite !sum_app.
  fold (denominator m ts) (denominator m us) (numerator c m ts) (numerator c m us).
  rewrite <- Hla, <- Hlb, <- Hoa, <- Hob. repeat split; try ring.
  apply Forall_map, Forall_app. split; (eapply Forall_impl; [|eassumption]); intros t (Hc & Hn' & Hd'); simpl;
    rewrite Rmult_1_r; repeat split; auto using within_mul.
Qed.

(* Finishing: the denominator becomes 1, and what it was goes into the shift. *)
Lemma finished_sums c B M N ks a lse x : 0 <= B -> sums_within c B M N ks a -> finishes a lse x ->
  sums_within c (B * exp beta) (M * (1 + u_q)) N ks (State lse 1 x).
Proof.
  pose proof He as (Hs & _). intros HB (ts & Hks & Hts & Hl & Ho) (Hpos & Hm & Hlse & Hx).
  destruct (near_within _ _ _ (Hx c)) as (n & Hn & Hxc).
  set (f := exp (lse - (shift a + ln (l a)))).
  assert (forall k, weight (shift a) k * / l a = weight lse k * f) as Hf.
  { intros k. unfold weight, f. rewrite <- (exp_ln (l a)) at 1 by assumption.
    rewrite <- exp_Ropp, <- !exp_plus. f_equal. ring. }
  destruct (factors_of_sums c f n 1 _ _ _ ts Hf) as (HD & HN).
  exists (map (with_factors f n 1) ts). simpl shift. simpl l. simpl o. rewrite of_with_factors, HD, HN, Hxc, <- Hl, <- Ho.
  repeat split; auto; [|field; lra].
  apply Forall_map. eapply Forall_impl; [|exact Hts]. intros t (Hc & Hn' & Hd'). simpl. rewrite Rmult_1_r.
  repeat split; [|apply within_mul; assumption|assumption].
  eapply within_weaken; [|apply (within_mul _ (exp beta) _ f Hc); apply within_exp; exact Hlse].
  rewrite Rmult_assoc. apply Rmult_le_compat_r; [apply Rmult_le_pos; [assumption|left; apply exp_pos]|].
  assert (drift e (of t) (shift a) <= drift e (of t) lse) as Hd.
  { unfold drift. apply Rplus_le_compat_l, Rmult_le_compat_l; lra. }
  destruct (Rle_lt_or_eq_dec _ _ Hd) as [L | ->]; [left; apply exp_increasing; exact L|lra].
Qed.

Definition B rs h := (1 + eps e) ^ (1 + rs + h) * exp beta ^ (1 + h).
Definition M hN h := (1 + u_p e) * (1 + u_n e) ^ (hN + 2 * h) * (1 + u_q) ^ (1 + h).
Definition N hD h := (1 + u_d e) ^ (hD + 2 * h).

Lemma exp_beta : 1 <= exp beta.
Proof. pose proof (exp_ineq1_le beta). lra. Qed.

Lemma B_mono rs h h' : (h <= h')%nat -> B rs h <= B rs h'.
Proof.
  pose proof He as (?&?&?&?&?&?). pose proof exp_beta. intros H'. unfold B.
  apply Rmult_le_compat; try (apply pow_le; lra); apply Rle_pow; lra || lia.
Qed.
Lemma M_mono hN h h' : (h <= h')%nat -> M hN h <= M hN h'.
Proof.
  pose proof He as (?&?&?&?&?&?). intros H'. unfold M.
  apply Rmult_le_compat; try (apply pow_le; lra); try (apply Rle_pow; lra || lia).
  - apply Rmult_le_pos; [lra|apply pow_le; lra].
  - apply Rmult_le_compat_l; [lra|apply Rle_pow; lra || lia].
Qed.
Lemma N_mono hD h h' : (h <= h')%nat -> N hD h <= N hD h'.
Proof. pose proof He as (?&?&?&?&?&?). intros H'. unfold N. apply Rle_pow; lra || lia. Qed.

Lemma rows_sums c rs hN hD h ks a : rows rs hN hD h ks a -> Forall fits ks ->
  sums_within c (B rs h) (M hN h) (N hD h) ks a.
Proof.
  pose proof He as (?&?&?&?&?&?). pose proof exp_beta.
  induction 1 as [ks a lse x Hrun Hfin
    | h ks a h' ks' b m ra rb ya yb y xa xb x lse z Ha IHa Hb IHb Hm Hra Hrb Hya Hyb Hy Hxa Hxb Hx Hfin]; intros Hfits.
  - pose proof (invariant e c He _ _ _ _ _ Hrun Hfits) as Hinv.
    assert (0 <= (1 + eps e) ^ S rs) by (apply pow_le; lra).
    pose proof (finished_sums c ((1 + eps e) ^ S rs) ((1 + u_p e) * (1 + u_n e) ^ hN) ((1 + u_d e) ^ hD) ks a lse x
      ltac:(assumption) Hinv Hfin) as Hf.
    unfold B, M, N. rewrite !Nat.mul_0_r, !Nat.add_0_r, !pow_1. exact Hf.
  - apply Forall_app in Hfits. destruct Hfits as (Hfa & Hfb). set (g := Nat.max h h').
    assert (shift a <= m) as Hma by (subst m; apply Rmax_l). assert (shift b <= m) as Hmb by (subst m; apply Rmax_r).
    assert (sums_within c (B rs g) (M hN g) (N hD g) ks a) as Sa.
    { eapply sums_weaken; [apply B_mono|apply M_mono|apply N_mono|apply IHa; assumption]; apply Nat.le_max_l. }
    assert (sums_within c (B rs g) (M hN g) (N hD g) ks' b) as Sb.
    { eapply sums_weaken; [apply B_mono|apply M_mono|apply N_mono|apply IHb; assumption]; apply Nat.le_max_r. }
    pose proof (moved_sums _ _ _ _ _ _ m ra ya xa Sa Hma Hra Hya (Hxa c)) as Ma.
    pose proof (moved_sums _ _ _ _ _ _ m rb yb xb Sb Hmb Hrb Hyb (Hxb c)) as Mb.
    pose proof (joined_sums _ _ _ _ _ _ _ _ _ _ _ y x Ma Mb Hy (Hx c)) as J.
    assert (0 <= B rs g * (1 + eps e)).
    { unfold B. apply Rmult_le_pos; [|lra]. apply Rmult_le_pos; apply pow_le; lra. }
    pose proof (finished_sums _ _ _ _ _ _ _ _ ltac:(eassumption) J Hfin) as F.
    eapply sums_weaken; [| | |exact F]; apply Req_le; unfold B, M, N;
      [replace (1 + rs + S g)%nat with (S (1 + rs + g)) by lia; replace (1 + S g)%nat with (S (1 + g)) by lia
      |replace (hN + 2 * S g)%nat with (S (S (hN + 2 * g))) by lia; replace (1 + S g)%nat with (S (1 + g)) by lia
      |replace (hD + 2 * S g)%nat with (S (S (hD + 2 * g))) by lia]; simpl; ring.
Qed.

Lemma rows_some_key rs hN hD h ks a : rows rs hN hD h ks a -> ks <> [].
Proof.
  induction 1; [eapply run_some_key; eassumption|]. intros E. apply app_eq_nil in E. tauto.
Qed.

Lemma rows_denominator rs hN hD h ks a : rows rs hN hD h ks a -> l a = 1.
Proof. destruct 1; reflexivity. Qed.

(* An output that was merged from finished rows, in any tree of h levels. *)
Theorem finished_bound rs hN hD h ks a c : rows rs hN hD h ks a -> Forall fits ks ->
  let p := softmax ks in
  let O := sum (fun k => p k * value k c) ks in
  let A k := exp (alpha k + u_s e * (shift a - computed k + 2 * tau e)) * B rs h - 1 in
  let mu := M hN h - 1 in
  let nu := N hD h - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (o a c - O) <= E / (1 - D).
Proof.
  intros Hrows Hfits p O A mu nu E D HD.
  destruct (rows_sums c _ _ _ _ _ _ Hrows Hfits) as (ts & Hks & Hts & Hl & Ho).
  pose proof (bound_of_terms ts a c A mu nu) as Q. cbv zeta in Q. rewrite Hks in Q.
  rewrite (rows_denominator _ _ _ _ _ _ Hrows) in Q. replace (o a c / 1) with (o a c) in Q by field.
  apply Q; auto; [eapply rows_some_key; eassumption|rewrite <- Hl; symmetry; eapply rows_denominator; eassumption|].
  intros t Ht. rewrite Forall_forall in Hts. destruct (Hts t Ht) as (Hc & Hn & Hd). repeat split; assumption.
Qed.

(* How far m + ln l is from the log of the sum of exponentials, for terms within their errors. *)
Lemma log_of_terms ts a (A : key -> R) nu :
  let ks := map of ts in
  ks <> [] -> l a = denominator (shift a) ts ->
  (forall t, In t ts -> Rabs (common t - 1) <= A (of t) /\ Rabs (den t - 1) <= nu) ->
  let p := softmax ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (shift a + ln (l a) - ln (sum (fun k => exp (score k)) ks)) <= - ln (1 - D).
Proof.
  intros ks Hne Hl Herr p D HD.
  set (Z := sum (fun i => exp (score i)) ks).
  assert (0 < Z) by (apply sum_positive; [assumption|intros; apply exp_pos]).
  set (W := sum (fun t => p (of t) * common t * den t) ts).
  assert (l a = Z * exp (- shift a) * W) as Ha.
  { unfold W. rewrite Hl, <- sum_scale. unfold denominator. apply sum_ext. intros t _.
    unfold weight, p, softmax. fold Z. unfold Rminus. rewrite exp_plus. field. lra. }
  assert (forall t, 0 <= p (of t)) as Hpos.
  { intros t. unfold p, softmax. fold Z. apply Rlt_le, Rdiv_lt_0_compat; [apply exp_pos|assumption]. }
  assert (sum (fun t => p (of t)) ts = 1) as Hp.
  { rewrite <- (sum_map of p). unfold p, softmax, Rdiv. fold ks Z.
    erewrite sum_ext; [|intros; apply Rmult_comm]. rewrite sum_scale. fold Z. field. lra. }
  assert (Rabs (W - 1) <= D) as HW.
  { rewrite <- Hp. unfold W, D, ks. rewrite sum_map, <- sum_minus.
    eapply Rle_trans; [apply sum_abs|]. apply sum_le. intros t Ht. destruct (Herr t Ht) as (Hc & Hd).
    replace (p (of t) * common t * den t - p (of t)) with (p (of t) * (common t * den t - 1)) by ring.
    rewrite Rabs_mult, (Rabs_pos_eq (p (of t))) by apply Hpos. apply Rmult_le_compat_l; [apply Hpos|].
    replace (common t * den t - 1) with ((common t - 1) + common t * (den t - 1)) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat; [assumption|].
    assert (0 <= A (of t)) by (pose proof (Rabs_pos (common t - 1)); lra).
    eapply Rle_trans; [apply (product_error _ (A (of t))); assumption|].
    apply Rmult_le_compat_l; [lra|assumption]. }
  apply abs_between in HW. pose proof (exp_pos (- shift a)).
  assert (0 <= D) by (pose proof (Rabs_pos (W - 1)); lra).
  replace (shift a + ln (l a) - ln Z) with (ln W).
  - apply Rabs_le. split.
    + apply Ropp_le_cancel. rewrite !Ropp_involutive.
      assert (- ln W <= - ln (1 - D)) as K; [|lra]. apply Ropp_le_contravar.
      destruct (Rle_lt_or_eq_dec (1 - D) W) as [L | ->]; [lra|left; apply ln_increasing; lra|lra].
    + assert (W <= / (1 - D)) as K.
      { apply (Rmult_le_reg_r (1 - D)); [lra|]. rewrite Rinv_l by lra. nra. }
      rewrite <- ln_Rinv by lra.
      destruct (Rle_lt_or_eq_dec _ _ K) as [L | ->]; [left; apply ln_increasing; lra|lra].
  - rewrite Ha, !ln_mult, ln_exp by (try apply Rmult_lt_0_compat; lra). ring.
Qed.

(* The lse of such a row; with no merge (h = 0), that of one run. *)
Theorem lse_bound rs hN hD h ks a : rows rs hN hD h ks a -> Forall fits ks ->
  let p := softmax ks in
  let A k := exp (alpha k + u_s e * (shift a - computed k + 2 * tau e)) * B rs h - 1 in
  let nu := N hD h - 1 in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (shift a - ln (sum (fun k => exp (score k)) ks)) <= - ln (1 - D).
Proof.
  intros Hrows Hfits p A nu D HD.
  destruct (rows_sums 0 _ _ _ _ _ _ Hrows Hfits) as (ts & Hks & Hts & Hl & _).
  pose proof (log_of_terms ts a A nu) as Q. cbv zeta in Q. rewrite Hks in Q.
  rewrite (rows_denominator _ _ _ _ _ _ Hrows), ln_1, Rplus_0_r in Q.
  apply Q; auto; [eapply rows_some_key; eassumption|rewrite <- Hl; symmetry; eapply rows_denominator; eassumption|].
  intros t Ht. rewrite Forall_forall in Hts. destruct (Hts t Ht) as (Hc & _ & Hd). split; assumption.
Qed.
End Finished.
